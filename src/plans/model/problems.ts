import { formatAmount, MAX_AMOUNT } from "../../core/amount";
import { type Money, unpayable } from "../../core/currency";
import { addPeriods, isPeriod, type Period } from "../../core/time";
import { thousands } from "../../core/words";
import { isInterval } from "./calendar";
import type { Allotment, OverdraftLimit, PlanVersion } from "./types";

/** What is wrong with a plan version that is to be published, and where: in words for whoever wrote it. */
export interface PlanProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const NOT_AN_INTERVAL = 'An interval must be whole days, weeks, months or years, such as "P1M".';
const NOT_A_LIFE = 'A life must be a period of time of a second or more, such as "P3M".';
const NOT_A_PERIOD = 'must be a period of time, such as "P14D"';
const WITHIN_AMOUNTS = `must be above 0, and at most ${thousands(formatAmount(MAX_AMOUNT))}.`;
const TOO_MUCH = `All that a plan gives of a credit type must be at most ${thousands(formatAmount(MAX_AMOUNT / 2n))} together: the next period's credits are in the wallet beside the present one's.`;
const MOST_PRIORITY = 255;
const MOST_PERIODS = 1_200;
const SECOND = 1_000_000n;
const CENTURY = 3_155_760_000_000_000n;

/** All that no subscription could be decided on; empty: it may be published. */
export function problemsOf(version: Omit<PlanVersion, "id" | "version">): readonly PlanProblem[] {
  const { price, billing, trial, allotments, overdrafts } = version;
  const all = [
    allotments.length > 0 ? null : problem(["allotments"], "A plan gives credits: name an allotment."),
    price && ofPrice(price),
    isInterval(billing) ? null : problem(["billing"], NOT_AN_INTERVAL),
    trial === null || isPeriod(trial) ? null : problem(["trial"], `A trial ${NOT_A_PERIOD}.`),
    ...allotments.flatMap((allotment, index) => ofAllotment(allotment).map((one) => within(["allotments", index], one))),
    ...tooMuch(allotments),
    ...overdrafts.map((limit, index) => ofOverdraft(limit, overdrafts.slice(0, index), index)),
  ];
  return all.filter((one) => one !== null);
}

function ofPrice(price: Money): PlanProblem | null {
  if (price.amount.startsWith("-")) return problem(["price", "amount"], "A price cannot be below zero.");
  if (price.amount === "0") return problem(["price"], "A price must be above 0: leave it out of a plan that is free.");
  const unpaid = unpayable(price);
  return unpaid === null ? null : problem(["price", "amount"], unpaid);
}

function ofAllotment({ amount, interval, life, rollover, priority }: Allotment): readonly (PlanProblem | null)[] {
  return [
    amount > 0n && amount <= MAX_AMOUNT ? null : problem(["amount"], `An allotment ${WITHIN_AMOUNTS}`),
    isInterval(interval) ? null : problem(["interval"], NOT_AN_INTERVAL),
    life === null ? null : ofLife(life, interval),
    life === null || rollover === null
      ? null
      : problem(["rollover"], "Credits with a life of their own cannot roll over, too: leave out either."),
    isWhole(priority, 0, MOST_PRIORITY)
      ? null
      : problem(["priority"], `A priority must be a whole number from 0 to ${MOST_PRIORITY}.`),
    ...(rollover === null ? [] : ofRollover(rollover).map((one) => within(["rollover"], one))),
  ];
}

/** The present period's credits and the next one's are in a wallet together: what does not fit could never be given. */
function tooMuch(allotments: readonly Allotment[]): readonly (PlanProblem | null)[] {
  const given = new Map<number, bigint>();
  return allotments.map(({ creditTypeId, amount }, index) => {
    const before = given.get(creditTypeId) ?? 0n;
    given.set(creditTypeId, before + 2n * amount);
    const crosses = before <= MAX_AMOUNT && amount <= MAX_AMOUNT && before + 2n * amount > MAX_AMOUNT;
    return crosses ? problem(["allotments", index, "amount"], TOO_MUCH) : null;
  });
}

function ofLife(life: Period, interval: Period): PlanProblem | null {
  if (!isPeriod(life) || addPeriods(0n, life, 1, "UTC") < SECOND) return problem(["life"], NOT_A_LIFE);
  if (!isInterval(interval) || addPeriods(0n, life, 1, "UTC") <= addPeriods(0n, interval, MOST_PERIODS, "UTC")) return null;
  return problem(["life"], `A life must be no longer than ${MOST_PERIODS} intervals: the credits of each are kept apart.`);
}

function ofRollover({ percent, maximum, period, periods }: NonNullable<Allotment["rollover"]>): readonly (PlanProblem | null)[] {
  return [
    isWhole(percent, 1, 100) ? null : problem(["percent"], "A rollover's percent must be a whole number from 1 to 100."),
    maximum === null || maximum > 0n ? null : problem(["maximum"], "A rollover's maximum must be above 0."),
    isPeriod(period) ? null : problem(["period"], `A rollover's period ${NOT_A_PERIOD}.`),
    isWhole(periods, 1, MOST_PERIODS)
      ? null
      : problem(["periods"], `A rollover's periods must be a whole number from 1 to ${MOST_PERIODS}.`),
    isTooLong(period, periods) ? problem(["periods"], "A rollover must be no longer than 100 years altogether.") : null,
  ];
}

function ofOverdraft(
  { creditTypeId, limit }: OverdraftLimit,
  before: readonly OverdraftLimit[],
  index: number,
): PlanProblem | null {
  if (limit <= 0n || limit > MAX_AMOUNT) return problem(["overdrafts", index, "limit"], `An overdraft ${WITHIN_AMOUNTS}`);
  if (before.some((one) => one.creditTypeId === creditTypeId))
    return problem(["overdrafts", index, "creditType"], "There is an overdraft of this credit type already: name each once.");
  return null;
}

/** Said only of what is otherwise in order. */
function isTooLong(period: string, periods: number): boolean {
  return isPeriod(period) && isWhole(periods, 1, MOST_PERIODS) && addPeriods(0n, period, periods, "UTC") > CENTURY;
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
