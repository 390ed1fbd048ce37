import { describe, expect, test } from "@jest/globals";
import { uuidv7 } from "../../src/platform/ids";

const NOW = 1_795_255_200_000_000n;

describe("an id", () => {
  test("is a UUID of version 7 that begins with the milliseconds of its making", () => {
    const id = uuidv7(NOW);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(BigInt(`0x${id.replaceAll("-", "").slice(0, 12)}`)).toBe(NOW / 1000n);
  });

  test("made later sorts later, and no two are the same", () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => uuidv7(NOW + BigInt(index) * 1000n));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(Array.from({ length: 1_000 }, () => uuidv7(NOW))).size).toBe(1_000);
  });
});
