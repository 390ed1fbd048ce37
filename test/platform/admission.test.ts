import { describe, expect, test } from "@jest/globals";
import { Admission, Overloaded } from "../../src/platform/admission";
import type { Logger } from "../../src/platform/context";

/** An admission by a clock that the test turns, and what it logged. */
function admission(most: number) {
  const told: string[] = [];
  const tell = (_fields: object, message: string) => void told.push(message);
  const log: Logger = { debug: tell, info: tell, warn: tell, error: tell };
  let now = 0;
  const door = new Admission({ most, log, now: () => now });
  const inside: (() => void)[] = [];
  return {
    door,
    told,
    /** Lets in as many as may. */
    fill: () => {
      while (!door.refuses()) inside.push(door.enter());
    },
    /** So much time passes, in tenths of a second, in each of which so many end while more come than may. */
    pass: (tenths: number, ending: number) => {
      for (let tenth = 0; tenth < tenths; tenth++) {
        now += 101;
        for (const leave of inside.splice(0, ending)) leave();
        while (!door.refuses()) inside.push(door.enter());
      }
    },
    quiet: (milliseconds: number) => {
      for (const leave of inside.splice(0)) leave();
      now += milliseconds;
      door.enter()();
    },
  };
}

describe("admission", () => {
  test("lets in as many at once as it is told to, and another whenever one has left", () => {
    const { door } = admission(2);
    const [first] = [door.enter(), door.enter()];
    expect(door.refuses()).toBe(true);
    expect(() => door.enter()).toThrow(Overloaded);
    expect(door.running).toBe(2);
    first();
    expect(door.refuses()).toBe(false);
    door.enter();
    expect(door.refuses()).toBe(true);
  });

  test("tells those that it refuses when to come again", () => {
    const { door } = admission(1);
    door.enter();
    expect(() => door.enter()).toThrow(expect.objectContaining({ retryAfterSeconds: 1 }));
  });

  test("lets in fewer while they take long: as many as are done in a quarter of a second", () => {
    const { door, fill, pass } = admission(10_000);
    fill();
    pass(30, 80);
    expect(door.limit).toBeGreaterThan(190);
    expect(door.limit).toBeLessThan(210);
  });

  test("lets in more again as soon as they are done quickly, and never more than it is told to", () => {
    const { door, fill, pass } = admission(2_000);
    fill();
    pass(30, 40);
    expect(door.limit).toBeLessThan(110);
    pass(30, 5_000);
    expect(door.limit).toBeGreaterThan(200);
    pass(300, 5_000);
    expect(door.limit).toBeLessThanOrEqual(2_000);
  });

  test("goes on letting some in when nothing is done for a while", () => {
    const { door, fill, pass } = admission(1_000);
    fill();
    pass(50, 0);
    expect(door.limit).toBe(64);
  });

  test("forgets that there was too much when there is not any more", () => {
    const { door, fill, pass, quiet } = admission(1_000);
    fill();
    pass(20, 10);
    expect(door.limit).toBeLessThan(100);
    quiet(5_200);
    expect(door.limit).toBe(1_000);
  });

  test("says once that it begins to refuse, however many, and once that it is over", () => {
    const { told, fill, pass, quiet } = admission(100);
    fill();
    pass(50, 20);
    expect(told).toEqual(["more comes in than can be served: what is too much is refused"]);
    quiet(5_200);
    expect(told).toHaveLength(2);
    quiet(5_200);
    expect(told).toHaveLength(2);
  });
});
