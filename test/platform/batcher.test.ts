import { describe, expect, test } from "@jest/globals";
import { Batcher, type BatchKind, type Settled } from "../../src/platform/batcher";
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
  return new Batcher({ lanes: 1, batchSize: 10, queueSize: 100, ...given });
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
