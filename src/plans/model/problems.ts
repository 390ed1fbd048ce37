import { formatAmount, MAX_AMOUNT } from "../../core/amount";
import { isPeriod } from "../../core/time";
import { isInterval } from "./calendar";
import type { Allotment, OverdraftLimit, PlanVersion } from "./types";

/** What is wrong with a plan version that is to be published, and where: in words for whoever wrote it. */
export interface PlanProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const NOT_AN_INTERVAL = 'write whole days, weeks, months or years, such as "P1M"';
const MOST_PRIORITY = 255;

/** All that no subscription could be decided on; empty: it may be published. */
export function problemsOf(version: Omit<PlanVersion, "id" | "version">): readonly PlanProblem[] {
  const { price, billing, trial, allotments, overdrafts } = version;
  const all = [
    allotments.length > 0 ? null : problem(["allotments"], "a plan gives credits: name at least one allotment"),
    price?.amount.startsWith("-") ? problem(["price", "amount"], "it is below zero") : null,
    isInterval(billing) ? null : problem(["billing"], NOT_AN_INTERVAL),
    trial === null || isPeriod(trial) ? null : problem(["trial"], 'write a period of time, such as "P14D"'),
    ...allotments.flatMap((allotment, index) => ofAllotment(allotment).map((one) => within(["allotments", index], one))),
    ...overdrafts.map((limit, index) => ofOverdraft(limit, overdrafts.slice(0, index), index)),
  ];
  return all.filter((one) => one !== null);
}

function ofAllotment({ amount, interval, rollover, priority }: Allotment): readonly (PlanProblem | null)[] {
  return [
    amount > 0n && amount <= MAX_AMOUNT ? null : problem(["amount"], `it is not above 0 and at most ${formatAmount(MAX_AMOUNT)}`),
    isInterval(interval) ? null : problem(["interval"], NOT_AN_INTERVAL),
    isWhole(priority, 0, MOST_PRIORITY) ? null : problem(["priority"], `it is not between 0 and ${MOST_PRIORITY}`),
    ...(rollover === null ? [] : ofRollover(rollover).map((one) => within(["rollover"], one))),
  ];
}

function ofRollover({ percent, maximum, period, periods }: NonNullable<Allotment["rollover"]>): readonly (PlanProblem | null)[] {
  return [
    isWhole(percent, 1, 100) ? null : problem(["percent"], "it is not a whole number from 1 to 100"),
    maximum === null || maximum > 0n ? null : problem(["maximum"], "it is not above 0"),
    isInterval(period) ? null : problem(["period"], NOT_AN_INTERVAL),
    isWhole(periods, 1, 1_000) ? null : problem(["periods"], "it is not a whole number from 1 to 1000"),
  ];
}

function ofOverdraft(
  { creditTypeId, limit }: OverdraftLimit,
  before: readonly OverdraftLimit[],
  index: number,
): PlanProblem | null {
  if (limit <= 0n || limit > MAX_AMOUNT)
    return problem(["overdrafts", index, "limit"], `it is not above 0 and at most ${formatAmount(MAX_AMOUNT)}`);
  if (before.some((one) => one.creditTypeId === creditTypeId))
    return problem(["overdrafts", index, "creditType"], "another overdraft of this credit type stands before it");
  return null;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function problem(path: PlanProblem["path"], message: string): PlanProblem {
  return { path, message };
}

function within(path: PlanProblem["path"], one: PlanProblem | null): PlanProblem | null {
  return one === null ? null : { ...one, path: [...path, ...one.path] };
}
