import { describe, expect, test } from "@jest/globals";
import { stream } from "../../src/platform/stream";

/** Resolves when the signal is aborted, and never before. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

describe("a stream", () => {
  test("gives what is generated, and ends with it", async () => {
    const events: number[] = [];
    const numbers = stream(async function* () {
      yield 1;
      yield 2;
    });
    for await (const event of numbers) events.push(event);
    expect(events).toEqual([1, 2]);
  });

  test("can be left while it waits: what it waits for is told, and it frees what it holds", async () => {
    let freed = false;
    const waiting = stream<number>(async function* (signal) {
      try {
        await aborted(signal);
        if (!signal.aborted) yield 1;
      } finally {
        freed = true;
      }
    });
    const next = waiting.next();
    expect(await waiting.return()).toEqual({ done: true, value: undefined });
    expect(await next).toEqual({ done: true, value: undefined });
    expect(freed).toBe(true);
  });

  test("can be left between two events, and by an error", async () => {
    const freed: string[] = [];
    const counting = (name: string) =>
      stream(async function* () {
        try {
          for (let count = 1; ; count++) yield count;
        } finally {
          freed.push(name);
        }
      });
    for await (const count of counting("left")) if (count === 3) break;
    const failing = counting("failed");
    await failing.next();
    await expect(failing.throw(new Error("enough"))).rejects.toThrow("enough");
    expect(freed).toEqual(["left", "failed"]);
  });

  test("that is left before it began does not begin", async () => {
    let begun = false;
    const unbegun = stream(async function* () {
      begun = true;
      yield 1;
    });
    await unbegun.return();
    expect(await unbegun.next()).toEqual({ done: true, value: undefined });
    expect(begun).toBe(false);
  });
});
