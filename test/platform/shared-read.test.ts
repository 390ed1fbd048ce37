import { describe, expect, test } from "@jest/globals";
import { type SharedQuestion, SharedRead } from "../../src/platform/shared-read";

/** A place to read from that answers when it is told to. */
class Slow {
  readonly reads: { readonly asked: readonly SharedQuestion<string>[]; readonly finish: (failure?: Error) => void }[] = [];
  #begun: (() => void)[] = [];

  read(asked: readonly SharedQuestion<string>[]): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      const answers = asked.map(({ question }) => question.toUpperCase());
      this.reads.push({ asked, finish: (failure) => (failure ? reject(failure) : resolve(answers)) });
      for (const begun of this.#begun.splice(0)) begun();
    });
  }

  /** The read of this number, once it is under way. */
  async under(number: number) {
    while (this.reads.length < number) await new Promise<void>((resolve) => this.#begun.push(resolve));
    return this.reads[number - 1] as (typeof this.reads)[number];
  }
}

function sharedRead(size = 10): SharedRead<Slow, string, string> {
  return new SharedRead(
    (question) => question,
    size,
    (slow, asked) => slow.read(asked),
  );
}

function questionsOf(asked: readonly SharedQuestion<string>[]): readonly (readonly [string, number])[] {
  return asked.map(({ question, askers }) => [question, askers]);
}

describe("a shared read", () => {
  test("asks each question once, however many ask it together", async () => {
    const slow = new Slow();
    const shared = sharedRead();
    const answers = Promise.all(["a", "b", "a", "a"].map((question) => shared.ask(slow, question)));
    const first = await slow.under(1);
    expect(questionsOf(first.asked)).toEqual([
      ["a", 3],
      ["b", 1],
    ]);
    first.finish();
    expect(await answers).toEqual(["A", "B", "A", "A"]);
  });

  test("never answers by what was read before the question: who asks meanwhile gets the next read", async () => {
    const slow = new Slow();
    const shared = sharedRead();
    const early = shared.ask(slow, "a");
    const first = await slow.under(1);
    const late = shared.ask(slow, "a");
    first.finish();
    expect(await early).toBe("A");
    const second = await slow.under(2);
    second.finish();
    expect(await late).toBe("A");
    expect(slow.reads).toHaveLength(2);
  });

  test("reads one after the other, no more than its size at once", async () => {
    const slow = new Slow();
    const shared = sharedRead(2);
    const answers = Promise.all(["a", "b", "c"].map((question) => shared.ask(slow, question)));
    const first = await slow.under(1);
    expect(slow.reads).toHaveLength(1);
    first.finish();
    (await slow.under(2)).finish();
    expect(await answers).toEqual(["A", "B", "C"]);
    expect(slow.reads.map(({ asked }) => asked.length)).toEqual([2, 1]);
  });

  test("that fails tells all who asked, and goes on with the next", async () => {
    const slow = new Slow();
    const shared = sharedRead();
    const failing = ["a", "b"].map((question) => shared.ask(slow, question));
    const settled = Promise.allSettled(failing);
    (await slow.under(1)).finish(new Error("away"));
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const next = shared.ask(slow, "a");
    (await slow.under(2)).finish();
    expect(await next).toBe("A");
  });

  test("keeps those of one source apart from those of another", async () => {
    const [one, other] = [new Slow(), new Slow()];
    const shared = sharedRead();
    const answers = Promise.all([shared.ask(one, "a"), shared.ask(other, "a")]);
    (await one.under(1)).finish();
    (await other.under(1)).finish();
    expect(await answers).toEqual(["A", "A"]);
  });
});
