import { deepStrictEqual } from "node:assert";

/** Throws what differs, after what it is about. */
export function same(found: unknown, expected: unknown, what: string): void {
  try {
    deepStrictEqual(found, expected);
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

export function holds(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`not so: ${what}`);
}
