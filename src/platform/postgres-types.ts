import { types } from "pg";
import type { Instant } from "../core/time";

const { builtins } = types;
const INT8_ARRAY = 1016;

type Parse = (text: string) => unknown;

const PARSERS = new Map<number, Parse>([
  [builtins.INT8, BigInt],
  [INT8_ARRAY, parseBigints],
  [builtins.TIMESTAMPTZ, parseTimestamp],
]);

/**
 * How values come out of the database: int8 and int8[] as bigint, timestamptz as an Instant (bigint microseconds), all else as pg
 * reads it. Given to each client; the driver's global table is left alone.
 */
export const POSTGRES_TYPES = {
  getTypeParser(oid: number, format?: "text" | "binary"): Parse {
    return PARSERS.get(oid) ?? types.getTypeParser(oid, format);
  },
};

/** Reads "2026-11-21 10:00:00.000001+00" (every session is set to UTC) as microseconds since 1970. */
export function parseTimestamp(text: string): Instant {
  const milliseconds = Date.UTC(
    digits(text, 0, 4),
    digits(text, 5, 7) - 1,
    digits(text, 8, 10),
    digits(text, 11, 13),
    digits(text, 14, 16),
    digits(text, 17, 19),
  );
  // Past the full stop, as many digits as are not zero, and then the offset "+00".
  const places = text.length - 23;
  const micros = places > 0 ? digits(text, 20, 20 + places) * 10 ** (6 - places) : 0;
  return BigInt(milliseconds) * 1000n + BigInt(micros);
}

/** The number that stands in a text from `start` to `end`. */
function digits(text: string, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index++) number = number * 10 + text.charCodeAt(index) - 48;
  return number;
}

function parseBigints(text: string): bigint[] {
  return text === "{}" ? [] : text.slice(1, -1).split(",").map(BigInt);
}
