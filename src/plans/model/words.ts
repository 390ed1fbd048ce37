import type { Amount } from "../../core/amount";
import type { Period } from "../../core/time";
import type { Unit } from "../../core/unit";
import type { Allotment } from "./types";

/** What a plan promises, as people read it, in the unit of its credits. */

/** "500 credits every month", "100 credits every 2 weeks, 50 % of what is left is kept for 3 months, at most 200 credits". */
export function allotmentWords({ amount, interval, rollover }: Allotment, unit: Unit): string {
  const base = `${credits(amount, unit)} every ${spanWords(interval, 1)}`;
  if (rollover === null) return base;
  const { percent, maximum, period, periods } = rollover;
  const part = percent === 100 ? "what is left" : `${percent} % of what is left`;
  const limit = maximum === null ? "" : `, at most ${credits(maximum, unit)}`;
  const length = spanWords(period, periods);
  return `${base}, ${part} is kept for ${/^\d/.test(length) ? length : `a ${length}`}${limit}`;
}

export function credits(amount: Amount, unit: Unit): string {
  const number = unit.format(amount);
  return `${number.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",")} ${number === "1" ? "credit" : "credits"}`;
}

const UNITS: Readonly<Record<string, string>> = { D: "day", W: "week", M: "month", Y: "year" };

/** "month", "2 weeks"; a period that is no whole number of one unit as it is written. */
function spanWords(period: Period, times: number): string {
  const [, count = "", unit = ""] = /^P(\d+)([DWMY])$/.exec(period) ?? [];
  if (count === "") return times === 1 ? period : `${times} × ${period}`;
  const number = Number(count) * times;
  return number === 1 ? (UNITS[unit] as string) : `${number} ${UNITS[unit]}s`;
}
