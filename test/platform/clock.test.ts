import { describe, expect, test } from "@jest/globals";
import { systemClock } from "../../src/platform/clock";

const MILLISECOND = 1_000n;

describe("the system's clock", () => {
  test("tells microseconds, at most a few milliseconds from the system's time", () => {
    const off = systemClock.now() / MILLISECOND - BigInt(Date.now());
    expect(off <= 5n && off >= -5n).toBe(true);
    const digits = new Set(Array.from({ length: 1_000 }, () => systemClock.now() % MILLISECOND));
    expect(digits.size).toBeGreaterThan(1);
  });

  test("follows when the system's time is set", () => {
    const real = Date.now;
    try {
      Date.now = () => real() + 3_600_000;
      const off = systemClock.now() / MILLISECOND - BigInt(Date.now());
      expect(off <= 5n && off >= -5n).toBe(true);
    } finally {
      Date.now = real;
    }
    expect(systemClock.now() / MILLISECOND <= BigInt(Date.now()) + 5n).toBe(true);
  });

  test("calls back once the instant is reached, never before", async () => {
    const instant = systemClock.now() + 5n * MILLISECOND;
    // An unreferenced timer does not keep the process: Jest does.
    const calledAt = await new Promise<bigint>((done) => systemClock.at(instant, () => done(systemClock.now())));
    expect(calledAt >= instant).toBe(true);
  });

  test("calls back what is due already, though not from within the call", async () => {
    let called = false;
    const later = new Promise<void>((done) => {
      systemClock.at(0n, () => {
        called = true;
        done();
      });
    });
    expect(called).toBe(false);
    await later;
    expect(called).toBe(true);
  });

  test("does not call back what was called off", async () => {
    const calls: string[] = [];
    const now = systemClock.now();
    const callOff = systemClock.at(now + 2n * MILLISECOND, () => calls.push("called off"));
    callOff();
    await new Promise<void>((done) => systemClock.at(now + 6n * MILLISECOND, done));
    expect(calls).toEqual([]);
  });

  test("waits for an instant that is further off than timers count", () => {
    const callOff = systemClock.at(systemClock.now() + 100n * 365n * 86_400_000n * MILLISECOND, () => undefined);
    callOff();
  });
});
