import type { Row } from "./compare";
import { digits, table, whole } from "./table";

/** A measurement that is held against another by how many times as much it takes, which should be no more than so many times. */
export interface BoundRow extends Pick<Row, "name" | "rate" | "rateMin" | "rateMax" | "p50" | "p99"> {
  /** Null for what the others are held against. */
  readonly times: number | null;
  /** What of what: "p50 of 10^4's". */
  readonly of: string | null;
  readonly atMost: number | null;
}

export function tableOfBounds(rows: readonly BoundRow[]): string {
  return table(
    ["what", "per second", "min-max", "p50 ms", "p99 ms", "times", "at most"],
    rows.map((row) => [
      row.name,
      whole(row.rate),
      `${whole(row.rateMin)}-${whole(row.rateMax)}`,
      digits(row.p50),
      digits(row.p99),
      row.times === null ? "" : `${row.times.toFixed(2)} x ${row.of}`,
      row.atMost === null ? "" : `${row.atMost} x`,
    ]),
  );
}
