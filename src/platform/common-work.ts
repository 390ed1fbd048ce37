/**
 * Work that many ask for in the same turn of the event loop, done once for all of them. It begins when the turn is over, and is not
 * shared with whoever asks later: so what it finds is never older than the question. Nothing is kept.
 */
export class CommonWork<Result> {
  /** By what it is about, and then by name. */
  #asked = new Map<unknown, Map<string, Promise<Result>>>();
  #turn: Promise<void> | null = null;

  /** `work`: done for all who ask for the same; whoever comes first brings it. Throws what it throws, to all of them. */
  ask(about: unknown, name: string, work: () => Promise<Result>): Promise<Result> {
    const known = this.#asked.get(about);
    const ofSubject = known ?? new Map<string, Promise<Result>>();
    if (!known) this.#asked.set(about, ofSubject);
    const shared = ofSubject.get(name);
    if (shared) return shared;
    const result = this.#afterTurn().then(work);
    ofSubject.set(name, result);
    return result;
  }

  #afterTurn(): Promise<void> {
    this.#turn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#asked = new Map();
        this.#turn = null;
        resolve();
      });
    });
    return this.#turn;
  }
}
