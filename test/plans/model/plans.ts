import { formatAmount } from "../../../src/core/amount";
import { formatInstant, type Instant, parseInstant } from "../../../src/core/time";
import type { Act, SubscriptionCommand, SubscriptionDecided } from "../../../src/plans/model/commands";
import { decideSubscription, startSubscription } from "../../../src/plans/model/decide";
import type { Allotment, PlanVersion, Subscription } from "../../../src/plans/model/types";

/** Plans and subscriptions for tests, and what was done to the wallets in words that a table can hold. */

export const CREDIT = 1_000_000n;
export const CREDITS = 1;
export const IMAGES = 2;

export function at(text: string): Instant {
  const instant = parseInstant(text.length === 10 ? `${text}T00:00:00Z` : text);
  if (instant === null) throw new Error(`${text} is no instant`);
  return instant;
}

export function allotment(terms: Partial<Allotment> = {}): Allotment {
  return {
    creditTypeId: CREDITS,
    amount: 300n * CREDIT,
    interval: "P1M",
    life: null,
    rollover: null,
    priority: 100,
    scope: { operations: [], apps: [] },
    repaysDebt: true,
    ...terms,
  };
}

export function plan(name: string, terms: Partial<PlanVersion> = {}): PlanVersion {
  return {
    id: name,
    plan: name,
    version: 1,
    price: { amount: "49", currency: "USD" },
    billing: "P1M",
    trial: null,
    allotments: [allotment()],
    overdrafts: [],
    packs: [],
    ...terms,
  };
}

export const ACCOUNT = "01900000-0000-7000-8000-000000000001";

export function start(version: PlanVersion, now: string, timeZone = "UTC", trial = true): SubscriptionDecided {
  return startSubscription({ accountId: ACCOUNT, number: 1, version, timeZone, trial }, at(now));
}

/** Starts on a plan and gives it commands, each at its time; what the last one did, and all acts on the way. */
export function history(version: PlanVersion, now: string, ...commands: readonly (readonly [string, SubscriptionCommand])[]) {
  const started = start(version, now);
  let state: Subscription = started.state;
  let acts = started.acts;
  const all: Act[] = [...acts];
  for (const [when, command] of commands) {
    const outcome = decideSubscription(state, command, at(when));
    if (outcome.refused) throw new Error(`${command.type} was refused: ${outcome.refusal.code}`);
    ({ state, acts } = outcome);
    all.push(...acts);
  }
  return { state, acts, all };
}

/** "grant 300 from 2026-01-31 to 2026-02-28", "void 300 from 2026-02-28", "keep 150 of 300 from 2026-01-31", "overdraft 50". */
export function told(acts: readonly Act[], all: readonly Act[] = acts): readonly string[] {
  return acts.map((act) => {
    const type = act.creditTypeId === CREDITS ? "" : ` (type ${act.creditTypeId})`;
    if (act.act === "overdraft") return `overdraft ${formatAmount(act.limit)}${type}`;
    const terms = act.act === "grant" ? act.terms : termsOf(all, act.grant);
    const amount = formatAmount(terms.amount);
    if (act.act === "void") return `void ${amount} from ${day(terms.effectiveAt)}${type}`;
    if (act.act === "keep") return `keep ${formatAmount(act.keep)} of ${amount} from ${day(terms.effectiveAt)}${type}`;
    const kind = terms.kind === "PLAN" ? "" : `${terms.kind} `;
    return `grant ${kind}${amount} from ${day(terms.effectiveAt)} to ${day(terms.expiresAt as Instant)}${type}`;
  });
}

export function termsOf(all: readonly Act[], key: string) {
  const made = all.find(({ act, idempotencyKey }) => act === "grant" && idempotencyKey === key);
  if (made?.act !== "grant") throw new Error(`${key} was never granted`);
  return made.terms;
}

function day(instant: Instant): string {
  const text = formatInstant(instant);
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
}

export const PRO = plan("pro");
/** 600 where PRO gives 300; may be overdrawn by 50. */
export const TEAM = plan("team", {
  allotments: [allotment({ amount: 600n * CREDIT })],
  overdrafts: [{ creditTypeId: 1, limit: 50n * CREDIT }],
});
export const TRIED = plan("tried", { trial: "P14D", overdrafts: TEAM.overdrafts });
export const YEARLY = plan("yearly", { billing: "P1Y" });
export const WEEKLY = plan("weekly", { allotments: [allotment({ amount: 70n * CREDIT, interval: "P1W" })] });
export const ROLLING = plan("rolling", {
  allotments: [allotment({ rollover: { percent: 50, maximum: 100n * CREDIT, period: "P1M", periods: 2 } })],
});

/** Each month's 300 live for three months, so that those of three are alive at once. */
export const LASTING = plan("lasting", { allotments: [allotment({ life: "P3M" })] });
/** Each month's 300 are to be used within a week. */
export const SHORT = plan("short", { allotments: [allotment({ life: "P1W" })] });
/** Each week's 70 outlive the month that is paid for. */
export const LASTING_WEEKLY = plan("lasting weekly", {
  allotments: [allotment({ amount: 70n * CREDIT, interval: "P1W", life: "P1M" })],
});

export const TICK: SubscriptionCommand = { type: "tick" };
export const CANCEL: SubscriptionCommand = { type: "cancelAtPeriodEnd" };
export const WITHDRAW: SubscriptionCommand = { type: "withdraw" };

export function change(to: PlanVersion, when: "AT_PERIOD_END" | "NOW_PRORATED" | "NOW_RESET"): SubscriptionCommand {
  return { type: "change", to, when };
}

/** What the last of the commands does to the wallets, for a subscription that starts on 1 April: a month of 30 days. */
export function does(version: PlanVersion, ...commands: readonly (readonly [string, SubscriptionCommand])[]): readonly string[] {
  const { acts, all } = history(version, "2026-04-01", ...commands);
  return told(acts, all);
}
