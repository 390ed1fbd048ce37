/** Someone who asks, as far as reading goes: those with the same source are answered together. */
interface Asked<Question, Result> {
  readonly question: Question;
  readonly answer: Promise<Result>;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  askers: number;
}

interface Waiting<Question, Result> {
  /** By name. */
  readonly asked: Map<string, Asked<Question, Result>>;
  working: boolean;
}

/** A question with the number of those who wait for its answer. */
export interface SharedQuestion<Question> {
  readonly question: Question;
  readonly askers: number;
}

/**
 * Reads that many ask for at once, done together: what is asked while one read is under way forms the next, each question once, however
 * many ask it. So an answer is never older than its question. One read at a time: readers take one connection, and not the pool.
 */
export class SharedRead<Source extends object, Question, Result> {
  readonly #waiting = new WeakMap<Source, Waiting<Question, Result>>();

  constructor(
    private readonly nameOf: (question: Question) => string,
    /** The most questions that one read answers. */
    private readonly size: number,
    /** Answers in the order of the questions. */
    private readonly read: (source: Source, questions: readonly SharedQuestion<Question>[]) => Promise<readonly Result[]>,
  ) {}

  /** Throws what the read throws, to all who asked. */
  ask(source: Source, question: Question): Promise<Result> {
    const waiting = this.#waitingFor(source);
    const name = this.nameOf(question);
    const asked = waiting.asked.get(name) ?? newlyAsked<Question, Result>(question);
    waiting.asked.set(name, asked);
    asked.askers += 1;
    if (!waiting.working) void this.#work(source, waiting);
    return asked.answer;
  }

  #waitingFor(source: Source): Waiting<Question, Result> {
    const known = this.#waiting.get(source);
    if (known) return known;
    const waiting = { asked: new Map(), working: false };
    this.#waiting.set(source, waiting);
    return waiting;
  }

  async #work(source: Source, waiting: Waiting<Question, Result>): Promise<void> {
    waiting.working = true;
    // All who are woken by the same event ask in the same turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.asked.size > 0) await this.#readSome(source, takeFirst(waiting.asked, this.size));
    waiting.working = false;
  }

  async #readSome(source: Source, some: readonly Asked<Question, Result>[]): Promise<void> {
    try {
      const results = await this.read(source, some);
      for (const [index, one] of some.entries()) one.resolve(results[index] as Result);
    } catch (error) {
      for (const one of some) one.reject(error);
    }
  }
}

function newlyAsked<Question, Result>(question: Question): Asked<Question, Result> {
  let settle: Pick<Asked<Question, Result>, "resolve" | "reject"> | undefined;
  const answer = new Promise<Result>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { question, answer, askers: 0, ...(settle as NonNullable<typeof settle>) };
}

function takeFirst<Value>(map: Map<string, Value>, count: number): readonly Value[] {
  const taken: Value[] = [];
  for (const [name, value] of map) {
    if (taken.length === count) break;
    taken.push(value);
    map.delete(name);
  }
  return taken;
}
