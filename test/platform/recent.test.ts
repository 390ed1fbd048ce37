import { describe, expect, test } from "@jest/globals";
import { Recent } from "../../src/platform/recent";
import { ManualClock } from "../support/core";

const FRESH_FOR = 2_000_000n;

function setup(size = 10) {
  const clock = new ManualClock();
  const recent = new Recent<string>(clock, FRESH_FOR, size);
  const looked: string[] = [];
  const get = (key: string, answer: string | null = key) =>
    recent.get(key, async () => {
      looked.push(key);
      return answer;
    });
  return { clock, recent, looked, get };
}

describe("what was looked up a moment ago", () => {
  test("is not looked up again, by many at once neither", async () => {
    const { get, looked } = setup();
    expect(await Promise.all([get("a"), get("a"), get("b")])).toEqual(["a", "a", "b"]);
    expect(await get("a")).toBe("a");
    expect(looked).toEqual(["a", "b"]);
  });

  test("is looked up again when it is old, or seems to come from the future", async () => {
    const { clock, get, looked } = setup();
    await get("a");
    clock.set(clock.now() + FRESH_FOR - 1n);
    await get("a");
    expect(looked).toHaveLength(1);
    clock.set(clock.now() + 1n);
    await get("a");
    expect(looked).toHaveLength(2);
    clock.set(clock.now() - 1n);
    await get("a");
    expect(looked).toHaveLength(3);
  });

  test("is not kept when there was nothing, or when it failed", async () => {
    const { recent, get, looked } = setup();
    expect(await get("a", null)).toBeNull();
    expect(await get("a")).toBe("a");
    await expect(recent.get("b", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await get("b")).toBe("b");
    expect(looked).toEqual(["a", "a", "b"]);
  });

  test("gives way to the newest when there is too much of it", async () => {
    const { get, looked } = setup(2);
    for (const key of ["a", "b", "c", "b", "c", "a"]) await get(key);
    expect(looked).toEqual(["a", "b", "c", "a"]);
  });
});
