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
  const [year, month, day, hour, minute, second] = [0, 5, 8, 11, 14, 17].map((start) =>
    Number(text.slice(start, start === 0 ? 4 : start + 2)),
  ) as [number, number, number, number, number, number];
  const fraction = text.length > 22 ? text.slice(20, text.length - 3) : "";
  return BigInt(Date.UTC(year, month - 1, day, hour, minute, second)) * 1000n + BigInt(fraction.padEnd(6, "0"));
}

function parseBigints(text: string): bigint[] {
  return text === "{}" ? [] : text.slice(1, -1).split(",").map(BigInt);
}
