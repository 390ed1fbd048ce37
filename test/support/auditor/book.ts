import type { Amount } from "../../../src/core/amount";
import type { Instant } from "../../../src/core/time";
import {
  type Balance,
  type Entry,
  GRANT_KINDS,
  type Grant,
  POTS,
  type Policy,
  type Pot,
  type Pots,
  type Scope,
  type Source,
} from "../../../src/wallet/model/types";

/** What the auditor knows of a grant: its terms, and where its credits are by the entries so far. */
export interface Lot {
  readonly terms: Grant;
  readonly pots: Record<Pot, Amount>;
  /** Of what it paid, the part that repaid debt and has not been given back. */
  repaid: Amount;
  voided: boolean;
}

/** What credits are wanted for, as the auditor sees it: `scoped` false for an adjustment or a transfer, which no scope binds. */
export interface Wanted {
  readonly scoped: boolean;
  readonly operation: string | null;
  readonly app: string | null;
  readonly overdraft: boolean;
}

/** A draw, as an entry shows it: grant, amount, and the candidate after it. */
export type Drawn = readonly [grant: number, amount: Amount, before: number | null];

/** Every grant of a wallet as the entries so far have left it; written from the rules, and sharing nothing with the model but its types. */
export class Book {
  readonly lots = new Map<number, Lot>();

  open(terms: Grant): void {
    const pots = Object.fromEntries(POTS.map((pot) => [pot, 0n])) as Record<Pot, Amount>;
    this.lots.set(terms.number, { terms, pots, repaid: 0n, voided: false });
  }

  lot(number: number): Lot {
    const lot = this.lots.get(number);
    if (!lot) throw new Error(`an entry names grant ${number}, which does not exist`);
    return lot;
  }

  move({ grant, from, to, amount }: Entry): void {
    const { pots } = this.lot(grant);
    if (from !== "ISSUED") pots[from] -= amount;
    pots[to] += amount;
  }

  /** The balance, added up afresh from all pots. */
  balance(): Balance {
    const sum = (pot: Pot, overdraft: boolean | null) => {
      let total = 0n;
      for (const { terms, pots } of this.lots.values()) {
        if (overdraft === null || (terms.kind === "OVERDRAFT") === overdraft) total += pots[pot];
      }
      return total;
    };
    return {
      available: sum("AVAILABLE", false),
      held: sum("HELD", null),
      pending: sum("PENDING", null),
      debt: sum("CONSUMED", true),
      overdraft: sum("AVAILABLE", true),
      byKind: GRANT_KINDS.slice(0, 8).map((kind) => {
        let total = 0n;
        for (const { terms, pots } of this.lots.values()) if (terms.kind === kind) total += pots.AVAILABLE;
        return total;
      }),
    };
  }

  /** Who pays for `amount`, by the laws alone: the eligible in their order, each until it is exhausted. */
  waterfall(policy: Policy, now: Instant, wanted: Wanted, amount: Amount): readonly Drawn[] {
    const order = [...this.lots.values()]
      .filter((lot) => isEligible(lot, now, wanted))
      .map((lot) => ({ lot, place: placeOf(lot.terms, policy) }))
      .sort((a, b) => compare(a.place, b.place));
    const draws: Drawn[] = [];
    let left = amount;
    order.forEach(({ lot }, index) => {
      const paid = lot.pots.AVAILABLE < left ? lot.pots.AVAILABLE : left;
      if (paid > 0n) draws.push([lot.terms.number, paid, order[index + 1]?.lot.terms.number ?? null]);
      left -= paid;
    });
    return draws;
  }

  debt(): Amount {
    return this.balance().debt;
  }
}

/** True while `effectiveAt <= now < expiresAt`. */
export function lives({ effectiveAt, expiresAt }: Grant, now: Instant): boolean {
  return effectiveAt <= now && (expiresAt ?? now + 1n) > now;
}

/** Where credits go that come back to a grant. */
export function homeOf(lot: Lot, now: Instant): Pot {
  if (lot.voided) return "VOIDED";
  return lives(lot.terms, now) ? "AVAILABLE" : "EXPIRED";
}

/** Whether a grant could pay for this now. */
export function isEligible(
  { terms, pots, voided }: Pick<Readonly<Lot>, "terms" | "voided"> & { readonly pots: Pots },
  now: Instant,
  wanted: Wanted,
): boolean {
  if (voided || !lives(terms, now) || pots.AVAILABLE === 0n) return false;
  if (terms.kind === "OVERDRAFT" && !wanted.overdraft) return false;
  return !wanted.scoped || (named(terms.scope.operations, wanted.operation) && named(terms.scope.apps, wanted.app));
}

function named(patterns: readonly string[], name: string | null): boolean {
  if (patterns.length === 0) return true;
  return name !== null && patterns.some((one) => one === name || (one.at(-1) === "*" && name.indexOf(one.slice(0, -1)) === 0));
}

const NEVER = 10n ** 30n;

/** A grant's place in the order of consumption: a list of numbers, the first that differs decides. */
export function placeOf(grant: Grant, { keys }: Policy): readonly bigint[] {
  const values = {
    PRIORITY: BigInt(grant.priority),
    EXPIRY: grant.expiresAt ?? NEVER,
    KIND: BigInt(GRANT_KINDS.indexOf(grant.kind)),
    SCOPE: restricts(grant.scope) ? 0n : 1n,
    EFFECTIVE: grant.effectiveAt,
  };
  return [grant.kind === "OVERDRAFT" ? 1n : 0n, ...keys.map((key) => values[key]), grant.createdAt, BigInt(grant.number)];
}

function restricts({ operations, apps }: Scope): boolean {
  return [...operations, ...apps].length > 0;
}

export function compare(a: readonly bigint[], b: readonly bigint[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  if (index < 0) return 0;
  return (a[index] as bigint) < (b[index] as bigint) ? -1 : 1;
}

/** "3 CONSUMED>AVAILABLE 20": an entry without its reason, to compare and to show. */
export function described(grant: number, from: Source, to: Pot, amount: Amount): string {
  return `${grant} ${from}>${to} ${amount}`;
}
