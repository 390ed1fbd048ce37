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
  const come = (most: number) => {
    for (let came = 0; came < most && !door.refuses(); came++) inside.push(door.enter());
  };
  return {
    door,
    told,
    come,
    /** So many tenths of a second pass; in each so many end, and as many come as may, or so many. */
    pass: (tenths: number, ending: number, coming = Number.POSITIVE_INFINITY) => {
      for (let tenth = 0; tenth < tenths; tenth++) {
        now += 101;
        for (const leave of inside.splice(0, ending)) leave();
        come(coming);
      }
    },
  };
}

const ALL = Number.POSITIVE_INFINITY;

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

  test("lets in fewer while they take long: as many as are done in 150 ms", () => {
    const { door, come, pass } = admission(10_000);
    come(ALL);
    pass(30, 80);
    expect(door.limit).toBeGreaterThan(110);
    expect(door.limit).toBeLessThan(130);
  });

  test("does so before the first has to be turned away", () => {
    const { door, come, pass } = admission(1_000);
    come(900);
    expect(door.limit).toBe(1_000);
    pass(10, 80, 80);
    expect(door.limit).toBeLessThan(300);
  });

  test("lets in more again as they are done quickly, and never more than it is told to", () => {
    const { door, come, pass } = admission(2_000);
    come(ALL);
    pass(30, 40);
    expect(door.limit).toBeLessThan(110);
    pass(5, 5_000);
    expect(door.limit).toBeGreaterThan(200);
    pass(300, 5_000);
    expect(door.limit).toBe(2_000);
  });

  test("goes on letting some in when nothing is done for a while", () => {
    const { door, come, pass } = admission(1_000);
    come(ALL);
    pass(50, 0);
    expect(door.limit).toBe(64);
  });

  test("is as it was two seconds after there was too much", () => {
    const { door, come, pass } = admission(1_000);
    come(ALL);
    pass(30, 10);
    expect(door.limit).toBe(64);
    pass(20, ALL, 10);
    expect(door.limit).toBe(1_000);
  });

  test("says once that it begins to refuse, however many, and once that it is over", () => {
    const { told, come, pass } = admission(100);
    come(ALL);
    pass(70, 20);
    expect(told).toEqual(["more comes in than can be served: what is too much is refused"]);
    pass(70, ALL, 10);
    expect(told.slice(1)).toEqual(["all that comes in is served again"]);
    pass(70, ALL, 10);
    expect(told).toHaveLength(2);
  });
});
