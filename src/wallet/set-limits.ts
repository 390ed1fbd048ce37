import type { Amount } from "../core/amount";
import { type CalendarUnit, calendarSpan, type Instant } from "../core/time";
import type { Unit } from "../core/unit";
import type { Core } from "../platform/context";
import type { Transaction as Database } from "../platform/transaction";
import { limitAt } from "./model/limits";
import type { Limit, WalletKey } from "./model/types";
import { timeOf } from "./model/wallet";
import type { LimitWrite } from "./store/limits.store";
import {
  type LimitedWallet,
  lockWalletsOf,
  readLimitsOf,
  readUses,
  readWalletsOf,
  replaceLimits,
  type UsesRead,
} from "./store/set-limits.store";
import { assertUnit } from "./units";

/** What a member is to be limited to in its account's wallet of a credit type. */
export interface LimitTerms {
  readonly creditTypeId: number;
  /** Patterns as in scopes; empty: every use. */
  readonly operations: readonly string[];
  readonly interval: CalendarUnit;
  /** Not negative; in the first unit. */
  readonly amount: Amount;
  /** That it was given in. */
  readonly unit: Unit;
}

/** A limit, with the wallet that it is of. */
export interface PlacedLimit {
  readonly key: WalletKey;
  readonly limit: Limit;
}

/** `absent`: the account has no wallet of one of the credit types; nothing was done. */
export type SetLimitsAnswer =
  | { readonly status: "done"; readonly before: readonly PlacedLimit[]; readonly after: readonly PlacedLimit[] }
  | { readonly status: "absent" };

/**
 * Makes a member's limits exactly these, under the locks of all of the account's wallets: no decision is under way that knows others, and
 * who is removed in the same transaction takes nothing after it. What was used is not forgotten: a limit of the same uses and interval
 * goes on, a new one begins with what the log says of its present window. A year's log may be long: it is read before the locks, and under
 * them only what has come since.
 */
export async function setLimits(
  database: Database,
  core: Pick<Core, "pool" | "clock">,
  member: { readonly accountId: string; readonly number: number },
  wanted: readonly LimitTerms[],
): Promise<SetLimitsAnswer> {
  for (const { creditTypeId, unit } of wanted) await assertUnit(database, core, creditTypeId, unit);
  const ahead = await countAhead(database, core, member, wanted);
  const wallets = await lockWalletsOf(database, member.accountId);
  const before = await readLimitsOf(database, member);
  const places = wanted.flatMap((terms) => {
    const wallet = wallets.get(terms.creditTypeId);
    return wallet ? [{ terms, wallet }] : [];
  });
  if (places.length < wanted.length) return { status: "absent" };
  if (sameTerms(before, wanted)) return { status: "done", before, after: before };
  const now = core.clock.now();
  const after: LimitWrite[] = [];
  for (const { terms, wallet } of places) {
    const limit = goOn(terms, wallet, before, now) ?? (await begin(database, countedOf(member, terms, wallet, now), ahead));
    after.push({ key: wallet.key, member: member.number, limit });
  }
  await replaceLimits(database, member, after);
  return { status: "done", before, after: await readLimitsOf(database, member) };
}

/** The limit that counts the same, with what is used of it; null: there is none. */
function goOn(terms: LimitTerms, wallet: LimitedWallet, standing: readonly PlacedLimit[], now: Instant): Limit | null {
  const same = standing.find(({ key, limit }) => key.creditTypeId === terms.creditTypeId && usesOf(limit) === usesOf(terms));
  return same ? { ...limitAt(same.limit, timeIn(wallet, now), wallet.timeZone), amount: terms.amount } : null;
}

/** A limit that is to begin in a wallet: what it counts. */
interface Beginning {
  readonly terms: LimitTerms;
  readonly key: WalletKey;
  readonly counted: UsesRead["counted"];
}

function countedOf(
  { number: member }: { readonly number: number },
  terms: LimitTerms,
  wallet: LimitedWallet,
  now: Instant,
): Beginning {
  const window = calendarSpan(terms.interval, timeIn(wallet, now), wallet.timeZone);
  return { terms, key: wallet.key, counted: { member, operations: terms.operations, window } };
}

/** What the log says so far of the limits that are to begin, by `subjectOf` them: while nobody waits. */
async function countAhead(
  database: Database,
  core: Pick<Core, "clock">,
  member: { readonly accountId: string; readonly number: number },
  wanted: readonly LimitTerms[],
): Promise<ReadonlyMap<string, UsesRead>> {
  const ahead = new Map<string, UsesRead>();
  const before = await readLimitsOf(database, member);
  if (sameTerms(before, wanted)) return ahead;
  const wallets = await readWalletsOf(database, member.accountId);
  const now = core.clock.now();
  for (const terms of wanted) {
    const wallet = wallets.get(terms.creditTypeId);
    if (!wallet || goOn(terms, wallet, before, now)) continue;
    const { key, counted } = countedOf(member, terms, wallet, now);
    ahead.set(subjectOf(terms), await readUses(database, key, counted, null));
  }
  return ahead;
}

/** A new limit, with what the log says is used of it. It is numbered when it is written. */
async function begin(
  database: Database,
  { terms, key, counted }: Beginning,
  ahead: ReadonlyMap<string, UsesRead>,
): Promise<Limit> {
  const { operations, interval, amount } = terms;
  const { window } = counted;
  const known = ahead.get(subjectOf(terms)) ?? null;
  // A window may have ended meanwhile.
  const goesOn = known !== null && known.counted.window.from === window.from;
  const { used } = await readUses(database, key, counted, goesOn ? known : null);
  return { number: 0, operations, interval, amount, used, window };
}

function timeIn({ clockAt, testClock }: LimitedWallet, now: Instant): Instant {
  const due = timeOf({ testClock }, now);
  return clockAt > due ? clockAt : due;
}

/** Which uses it counts, in which windows; the same text for the same ones. */
function usesOf({ operations, interval }: Pick<Limit, "operations" | "interval">): string {
  return JSON.stringify([interval, ...operations.toSorted()]);
}

function sameTerms(standing: readonly PlacedLimit[], wanted: readonly LimitTerms[]): boolean {
  const before = standing.map(({ key, limit }) => `${key.creditTypeId} ${limit.amount} ${usesOf(limit)}`);
  const after = wanted.map((terms) => `${terms.creditTypeId} ${terms.amount} ${usesOf(terms)}`);
  return before.toSorted().join("\n") === after.toSorted().join("\n");
}

/** Text that is the same for two limits of a member that count the same uses of the same credits in the same windows. */
export function subjectOf(terms: Pick<LimitTerms, "creditTypeId" | "operations" | "interval">): string {
  return `${terms.creditTypeId} ${usesOf(terms)}`;
}
