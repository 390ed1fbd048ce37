import type { Period } from "../../core/time";
import type { Unit } from "../../core/unit";
import { credits, either } from "../../core/words";
import type { Scope } from "../../wallet/model/types";
import type { Allotment } from "./types";

/** What a plan promises, as people read it, in the unit of its credits. */

/** "500 credits every month", "500 credits every month, good for 3 months, only for image.generate", "100 credits every 2 weeks, 50 % of what is left is kept for 3 months, at most 200 credits". */
export function allotmentWords({ amount, interval, life, scope, rollover }: Allotment, unit: Unit): string {
  const good = life === null ? "" : `, good for ${lengthWords(life, 1)}`;
  const base = `${credits(unit.format(amount))} every ${spanWords(interval, 1)}${good}${scopeWords(scope)}`;
  if (rollover === null) return base;
  const { percent, maximum, period, periods } = rollover;
  const part = percent === 100 ? "what is left" : `${percent} % of what is left`;
  const limit = maximum === null ? "" : `, at most ${credits(unit.format(maximum))}`;
  return `${base}, ${part} is kept for ${lengthWords(period, periods)}${limit}`;
}

function scopeWords({ operations, apps }: Scope): string {
  const uses = operations.length === 0 ? "" : ` for ${either(operations)}`;
  const where = apps.length === 0 ? "" : ` in ${either(apps)}`;
  return uses + where === "" ? "" : `, only${uses}${where}`;
}

const UNITS: Readonly<Record<string, string>> = { D: "day", W: "week", M: "month", Y: "year" };

/** "a month", "2 weeks". */
function lengthWords(period: Period, times: number): string {
  const length = spanWords(period, times);
  return /^[a-z]/.test(length) ? `a ${length}` : length;
}

/** "month", "2 weeks"; a period that is no whole number of one unit as it is written. */
function spanWords(period: Period, times: number): string {
  const [, count = "", unit = ""] = /^P(\d+)([DWMY])$/.exec(period) ?? [];
  if (count === "") return times === 1 ? period : `${times} × ${period}`;
  const number = Number(count) * times;
  return number === 1 ? (UNITS[unit] as string) : `${number} ${UNITS[unit]}s`;
}
