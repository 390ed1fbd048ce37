import { describe, expect, test } from "@jest/globals";
import type { Core } from "../../src/platform/context";
import { Unavailable } from "../../src/platform/unavailable";
import { heldRows, Log, type LogPage, LogReader } from "../../src/wallet/live/live-logs";
import { take } from "../support/live";

/** A log whose pages a test hands out one after the other; "away" is a read that fails. A place is the last number seen. */
function logOf(...answers: readonly (LogPage<number> | "away")[]): Log<number, number> {
  const left = [...answers];
  return new Log<number, number>(
    String,
    async () => {
      const next = left.shift() ?? page([]);
      if (next === "away") throw new Unavailable("the database is away", 1);
      return [next];
    },
    (_, row) => row,
  );
}

function page(rows: readonly number[], { more = false, unsettled = false } = {}): LogPage<number> {
  return { rows, more, unsettled };
}

/** Reads a log as one whom nobody wakes but itself: it is woken at once, and what it asked for is kept. */
function read(log: Log<number, number>) {
  const asked: number[] = [];
  const core = {
    live: {
      publish: () => undefined,
      follow: () => ({
        changed: async () => asked.length > 0,
        again: (milliseconds: number) => void asked.push(milliseconds),
        untold: () => true,
        leave: () => undefined,
      }),
    },
  } as unknown as Core;
  return { asked, events: new LogReader(core, log, "everything", 0) };
}

describe("a reader of a log", () => {
  test("reads on at once while there is more, and ends when nothing can come", async () => {
    const { events } = read(logOf(page([1, 2], { more: true }), page([3])));
    expect(await take(events, 10)).toEqual([1, 2, 3]);
    expect(heldRows()).toBe(0);
  });

  test("keeps its place while the database is away, and goes on when it is back", async () => {
    const { events, asked } = read(logOf(page([1]), "away", "away", page([2])));
    asked.push(0);
    expect(await take(events, 2)).toEqual([1, 2]);
    expect(asked).toEqual([0, 1_000, 1_000]);
  });

  test("looks again soon for what is written but not settled, and ever more rarely", async () => {
    const waiting = Array.from({ length: 9 }, () => page([], { unsettled: true }));
    const { events, asked } = read(logOf(...waiting, page([1], { unsettled: true }), page([2])));
    expect(await take(events, 2)).toEqual([1, 2]);
    expect(asked).toEqual([50, 100, 200, 400, 800, 1_600, 3_200, 3_200, 3_200, 50]);
  });

  test("that leaves in the middle of a page gives back the rest", async () => {
    const { events } = read(logOf(page([1, 2, 3, 4])));
    expect(await take(events, 1)).toEqual([1]);
    expect(heldRows()).toBe(3);
    await events.return();
    expect(heldRows()).toBe(0);
  });

  test("that left while it read passes nothing on, and gives all back", async () => {
    const { events } = read(logOf(page([1, 2])));
    const next = events.next();
    await events.return();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(heldRows()).toBe(0);
  });

  test("is told of a fault", async () => {
    const broken = new Log<number, number>(
      String,
      () => Promise.reject(new Error("a bug")),
      (_, row) => row,
    );
    await expect(read(broken).events.next()).rejects.toThrow("a bug");
  });
});
