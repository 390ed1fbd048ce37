import { describe, expect, test } from "@jest/globals";
import { Batcher, type BatchKind, type Settled, type Turn } from "../../src/platform/batcher";
import { Unavailable } from "../../src/platform/unavailable";

/** A kind of work whose batches end when the test says so. */
class Gate implements BatchKind<string, string> {
  readonly name = "test";
  readonly batches: string[][] = [];
  #release: (() => void)[] = [];
  #begun: (() => void)[] = [];

  async run(items: readonly string[]): Promise<readonly Settled<string>[]> {
    this.batches.push([...items]);
    for (const begun of this.#begun.splice(0)) begun();
    await new Promise<void>((resolve) => this.#release.push(resolve));
    return items.map((item) =>
      item.startsWith("bad") ? { ok: false, error: new Error(item) } : { ok: true, value: item.toUpperCase() },
    );
  }

  /** Resolves when the next batch begins. */
  begins(): Promise<void> {
    return new Promise((resolve) => this.#begun.push(resolve));
  }

  release(): void {
    for (const release of this.#release.splice(0)) release();
  }
}

function batcher(given: Partial<ConstructorParameters<typeof Batcher>[0]> = {}): Batcher {
  return new Batcher({ lanes: 1, depth: 1, batchSize: 10, queueSize: 100, ...given });
}

describe("a lane", () => {
  test("begins at once with what arrives together, and gathers the next batch while it is busy", async () => {
    const [gate, lanes] = [new Gate(), batcher()];
    const first = ["a", "b"].map((item) => lanes.submit(gate, "x", item));
    await gate.begins();
    const second = ["c", "d", "e"].map((item) => lanes.submit(gate, "x", item));
    const next = gate.begins();
    gate.release();
    expect(await Promise.all(first)).toEqual(["A", "B"]);
    await next;
    gate.release();
    expect(await Promise.all(second)).toEqual(["C", "D", "E"]);
    expect(gate.batches).toEqual([
      ["a", "b"],
      ["c", "d", "e"],
    ]);
  });

  test("takes no more into a batch than it may", async () => {
    const [gate, lanes] = [new Gate(), batcher({ batchSize: 2 })];
    const answers = ["a", "b", "c"].map((item) => lanes.submit(gate, "x", item));
    await gate.begins();
    const next = gate.begins();
    gate.release();
    await next;
    gate.release();
    expect(await Promise.all(answers)).toEqual(["A", "B", "C"]);
    expect(gate.batches).toEqual([["a", "b"], ["c"]]);
  });

  test("answers each item for itself", async () => {
    const [gate, lanes] = [new Gate(), batcher()];
    const answers = ["a", "bad", "c"].map((item) => lanes.submit(gate, "x", item));
    await gate.begins();
    gate.release();
    expect(await Promise.allSettled(answers)).toMatchObject([{ value: "A" }, { reason: { message: "bad" } }, { value: "C" }]);
  });

  test("goes on after a batch that threw, and after one that answered for too few", async () => {
    const lanes = batcher();
    const kinds: BatchKind<number, number>[] = [
      { name: "throws", run: () => Promise.reject(new Error("thrown")) },
      { name: "forgets", run: async () => [{ ok: true, value: 1 }] },
    ];
    for (const kind of kinds) {
      const answers = await Promise.allSettled([lanes.submit(kind, "x", 1), lanes.submit(kind, "x", 2)]);
      expect(answers.at(-1)).toMatchObject({ status: "rejected" });
      const again = await Promise.allSettled([lanes.submit(kind, "x", 1)]);
      expect(again[0]?.status).toBe(kind.name === "throws" ? "rejected" : "fulfilled");
    }
  });

  test("works beside other lanes, and always on the same keys", async () => {
    const [gate, lanes] = [new Gate(), batcher({ lanes: 4 })];
    const keys = Array.from({ length: 40 }, (_, index) => `account-${index}`);
    const answers = keys.flatMap((key) => [lanes.submit(gate, key, key), lanes.submit(gate, key, key)]);
    while (gate.batches.length < 4) await gate.begins();
    const settled = Promise.all(answers);
    let ended = false;
    void settled.finally(() => {
      ended = true;
    });
    while (!ended) {
      gate.release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const together = gate.batches.slice(0, 4);
    expect(keys.filter((key) => together.filter((batch) => batch.includes(key)).length > 1)).toEqual([]);
    expect(gate.batches.flat().toSorted()).toEqual([...keys, ...keys].toSorted());
  });
});

/** A kind of work that can begin its next batch before the last is over; what becomes of each batch, the test says. */
class Stages implements BatchKind<string, string> {
  readonly name = "stages";
  readonly told: string[] = [];
  readonly turns: Turn<string>[] = [];
  readonly #ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #begun: (() => void)[] = [];

  async run(items: readonly string[], turn: Turn<string>): Promise<readonly Settled<string>[]> {
    this.told.push(`run ${items.join()}`);
    this.turns.push(turn);
    const end = new Promise<void>((resolve, reject) => this.#ends.push({ resolve, reject }));
    for (const begun of this.#begun.splice(0)) begun();
    await end;
    return items.map((value) => ({ ok: true, value }));
  }

  async recover(items: readonly string[], error: unknown): Promise<readonly Settled<string>[]> {
    this.told.push(`recover ${items.join()}: ${(error as Error).message}`);
    return items.map((value) => ({ ok: true, value: `${value} again` }));
  }

  async begins(count: number): Promise<void> {
    while (this.turns.length < count) await new Promise<void>((resolve) => this.#begun.push(resolve));
  }

  end(batch: number, error?: Error): void {
    if (error) this.#ends[batch]?.reject(error);
    else this.#ends[batch]?.resolve();
  }
}

describe("a lane that may have two batches at work", () => {
  test("begins the next when the one before lets it, and a third when one of them is over", async () => {
    const [stages, lanes] = [new Stages(), batcher({ depth: 2 })];
    const first = lanes.submit(stages, "x", "a");
    await stages.begins(1);
    const second = lanes.submit(stages, "x", "b");
    await new Promise((resolve) => setImmediate(resolve));
    expect(stages.told).toEqual(["run a"]);
    stages.turns[0]?.next();
    await stages.begins(2);
    stages.turns[1]?.next();
    const third = lanes.submit(stages, "x", "c");
    await new Promise((resolve) => setImmediate(resolve));
    expect(stages.told).toEqual(["run a", "run b"]);
    expect(stages.turns.map(({ ahead }) => ahead.map(({ items }) => items))).toEqual([[], [["a"]]]);
    stages.end(1);
    expect(await second).toBe("b");
    await stages.begins(3);
    stages.end(0);
    stages.end(2);
    expect(await Promise.all([first, third])).toEqual(["a", "c"]);
    expect(await stages.turns[1]?.ahead[0]?.succeeded).toBe(true);
  });

  test("does a batch again when those before it are over, and tells those behind it", async () => {
    const [stages, lanes] = [new Stages(), batcher({ depth: 3 })];
    const first = lanes.submit(stages, "x", "a");
    await stages.begins(1);
    stages.turns[0]?.next();
    const second = lanes.submit(stages, "x", "b");
    await stages.begins(2);
    stages.turns[1]?.next();
    const third = lanes.submit(stages, "x", "c");
    await stages.begins(3);
    stages.end(1, new Error("failed"));
    expect(await stages.turns[2]?.ahead[1]?.succeeded).toBe(false);
    stages.end(2, new Error("overtaken"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stages.told).toEqual(["run a", "run b", "run c"]);
    stages.end(0);
    expect(await Promise.all([first, second, third])).toEqual(["a", "b again", "c again"]);
    expect(stages.told.slice(3)).toEqual(["recover b: failed", "recover c: overtaken"]);
  });

  test("that stops waits for both", async () => {
    const [stages, lanes] = [new Stages(), batcher({ depth: 2 })];
    const answers = [lanes.submit(stages, "x", "a")];
    await stages.begins(1);
    stages.turns[0]?.next();
    answers.push(lanes.submit(stages, "x", "b"));
    await stages.begins(2);
    const stopped = lanes.stop();
    stages.end(1);
    stages.end(0);
    await stopped;
    expect(await Promise.all(answers)).toEqual(["a", "b"]);
  });
});

describe("a batcher", () => {
  test("turns away what is more than may wait", async () => {
    const [gate, lanes] = [new Gate(), batcher({ queueSize: 2 })];
    const first = lanes.submit(gate, "x", "a");
    await gate.begins();
    const waiting = ["b", "c"].map((item) => lanes.submit(gate, "x", item));
    expect(lanes.waiting).toBe(2);
    await expect(lanes.submit(gate, "x", "d")).rejects.toThrow(Unavailable);
    const next = gate.begins();
    gate.release();
    await next;
    gate.release();
    expect(await Promise.all([first, ...waiting])).toEqual(["A", "B", "C"]);
  });

  test("that stops finishes what it has, and takes nothing more", async () => {
    const [gate, lanes] = [new Gate(), batcher()];
    const answer = lanes.submit(gate, "x", "a");
    const stopped = lanes.stop();
    await expect(lanes.submit(gate, "x", "b")).rejects.toThrow(Unavailable);
    await gate.begins();
    gate.release();
    await stopped;
    expect(await answer).toBe("A");
  });

  test("shows its batches to an observer", async () => {
    const seen: object[] = [];
    const [gate, lanes] = [new Gate(), batcher({ observe: (batch) => void seen.push(batch) })];
    const answer = lanes.submit(gate, "x", "a");
    await gate.begins();
    gate.release();
    await answer;
    expect(seen).toEqual([{ kind: "test", size: 1, waits: [expect.any(Number)] }]);
  });

  test("tells how much waits in each lane", async () => {
    const [gate, lanes] = [new Gate(), batcher({ lanes: 2 })];
    expect(lanes.depths()).toEqual([]);
    const first = lanes.submit(gate, "x", "a");
    await gate.begins();
    const waiting = ["b", "c"].map((item) => lanes.submit(gate, "x", item));
    const depths = lanes.depths().toSorted((a, b) => a.waiting - b.waiting);
    expect(depths).toMatchObject([
      { kind: "test", waiting: 0 },
      { kind: "test", waiting: 2 },
    ]);
    const next = gate.begins();
    gate.release();
    await next;
    gate.release();
    await Promise.all([first, ...waiting]);
  });
});
