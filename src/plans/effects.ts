import { type Amount, minimum } from "../core/amount";
import { dateWords, type Instant } from "../core/time";
import type { Unit } from "../core/unit";
import { are, credits, thousands } from "../core/words";
import type { Act } from "./model/commands";
import { afterEnd, lessen, type Owing } from "./model/owing";
import type { GrantKey } from "./model/types";

/** An act, and when it would be done. */
export interface Planned {
  readonly at: Instant;
  readonly act: Act;
}

/** What an act does to a wallet, in numbers: for people to see before it is done. */
export interface Effect {
  readonly creditTypeId: number;
  readonly what: Uppercase<Act["act"]>;
  readonly at: Instant;
  /** Credits that are given or withdrawn; of an overdraft the limit. */
  readonly amount: Amount;
  /** Of what it is done to, before and after. */
  readonly before: Amount;
  readonly after: Amount;
  /** What was taken off a grant, for it was spent too early. */
  readonly lessened: Amount;
  readonly effectiveAt: Instant | null;
  readonly expiresAt: Instant | null;
}

/** What is left of a grant, and when it is alive. */
export interface Left {
  readonly amount: Amount;
  readonly effectiveAt: Instant;
  readonly expiresAt: Instant | null;
}

/** What there is of a credit type before. */
export interface Purse {
  readonly debt: Amount;
  /** How far it may be overdrawn; 0: not at all. */
  readonly limit: Amount;
  readonly owing: Owing;
}

/** What is known of the wallets before. */
export interface Known {
  readonly lefts: ReadonlyMap<GrantKey, Left>;
  readonly purses: ReadonlyMap<number, Purse>;
}

/** What acts would do, one after the other, to wallets that nothing else happens to. */
export function effectsOf(planned: readonly Planned[], { lefts, purses }: Known): readonly Effect[] {
  const foretold = { lefts: new Map(lefts), purses: new Map(purses) };
  return planned.map((one) => effectOf(one, foretold));
}

interface Foretold {
  readonly lefts: Map<GrantKey, Left>;
  readonly purses: Map<number, Purse>;
}

function effectOf({ at, act }: Planned, foretold: Foretold): Effect {
  const { creditTypeId } = act;
  const purse = foretold.purses.get(creditTypeId) as Purse;
  if (act.act === "overdraft") {
    const { limit } = act;
    foretold.purses.set(creditTypeId, { ...purse, limit });
    const span = { effectiveAt: null, expiresAt: null };
    return { creditTypeId, what: "OVERDRAFT", at, amount: limit, before: purse.limit, after: limit, lessened: 0n, ...span };
  }
  return act.act === "grant" ? giving(at, act, purse, foretold) : ending(at, act, purse, foretold);
}

type ActOf<Kind extends Act["act"]> = Extract<Act, { readonly act: Kind }>;

/** What was spent too early is taken off it, and what is owed by then is paid back of it. */
function giving(
  at: Instant,
  { creditTypeId, idempotencyKey, terms, line }: ActOf<"grant">,
  purse: Purse,
  foretold: Foretold,
): Effect {
  const { effectiveAt, expiresAt } = terms;
  const given =
    line === null ? { amount: terms.amount, owing: purse.owing } : lessen(purse.owing, line, effectiveAt, terms.amount);
  const { amount } = given;
  const repaid = terms.repaysDebt ? minimum(purse.debt, amount) : 0n;
  const after = amount - repaid;
  foretold.purses.set(creditTypeId, { ...purse, debt: purse.debt - repaid, owing: given.owing });
  foretold.lefts.set(idempotencyKey, { amount: after, effectiveAt, expiresAt });
  const lessened = terms.amount - amount;
  return { creditTypeId, what: "GRANT", at, amount, before: 0n, after, lessened, effectiveAt, expiresAt };
}

function ending(at: Instant, act: ActOf<"void" | "keep">, purse: Purse, foretold: Foretold): Effect {
  const { creditTypeId, early } = act;
  const left = foretold.lefts.get(act.grant) ?? null;
  const before = left?.amount ?? 0n;
  const amount = act.act === "void" ? before : minimum(act.withdraw, before);
  if (left) foretold.lefts.set(act.grant, { ...left, amount: before - amount });
  if (early) foretold.purses.set(creditTypeId, { ...purse, owing: afterEnd(purse.owing, early, amount) });
  const span = { effectiveAt: left?.effectiveAt ?? null, expiresAt: left?.expiresAt ?? null };
  const what = act.act === "void" ? "VOID" : "KEEP";
  return { creditTypeId, what, at, amount, before, after: before - amount, lessened: 0n, ...span };
}

/** For whom, and as of when, effects are put into words. */
export interface Reader {
  readonly unit: Unit;
  readonly timeZone: string;
  /** What would be done later than this is told with its date. */
  readonly now: Instant;
}

/** "500 credits are given, for 1 May 2026 until 1 June 2026", "on 1 May 2026, nothing may be overdrawn any more". */
export function effectWords(effect: Effect, reader: Reader): string {
  const { at } = effect;
  const when = at > reader.now ? `on ${dateWords(at, reader.timeZone)}, ` : "";
  return `${when}${WORDS[effect.what](effect, reader)}${spanWords(effect, reader)}`;
}

const WORDS: { readonly [What in Effect["what"]]: (effect: Effect, reader: Reader) => string } = {
  OVERDRAFT: ({ amount, before }, { unit }) =>
    amount === 0n
      ? "nothing may be overdrawn any more"
      : `up to ${credits(unit.format(amount))} may be overdrawn, instead of ${thousands(unit.format(before))}`,
  GRANT: givenWords,
  VOID: endedWords,
  KEEP: endedWords,
};

function givenWords({ amount, after, lessened }: Effect, { unit }: Reader): string {
  const given = unit.format(amount);
  const early = unit.format(lessened);
  if (amount === 0n) return `nothing is given: the ${credits(early)} ${were(early)} spent before their time`;
  const less = lessened === 0n ? "" : `, ${thousands(early)} less, for they were spent before their time`;
  const paid = unit.format(amount - after);
  const owed = after === amount ? "" : `, ${thousands(paid)} of which ${paid === "1" ? "pays" : "pay"} back what is owed`;
  return `${credits(given)} ${are(given)} given${less}${owed}`;
}

function endedWords({ amount, after }: Effect, { unit }: Reader): string {
  const [gone, kept] = [unit.format(amount), unit.format(after)];
  if (amount === 0n)
    return after === 0n ? "nothing is left to be withdrawn" : `all ${credits(kept)} that ${are(kept)} left are kept`;
  return after === 0n
    ? `the ${credits(gone)} that ${are(gone)} left ${are(gone)} withdrawn`
    : `${credits(gone)} ${are(gone)} withdrawn, ${thousands(kept)} ${are(kept)} kept`;
}

function were(number: string): string {
  return number === "1" ? "was" : "were";
}

function spanWords({ effectiveAt, expiresAt }: Effect, { timeZone }: Reader): string {
  if (effectiveAt === null) return "";
  const from = dateWords(effectiveAt, timeZone);
  return expiresAt === null ? `, from ${from} on` : `, for ${from} until ${dateWords(expiresAt, timeZone)}`;
}
