import { type Amount, MAX_AMOUNT } from "../../../src/core/amount";
import type { Instant } from "../../../src/core/time";
import type { Command, HoldExpiry, SpendCommand } from "../../../src/wallet/model/commands";
import {
  GRANT_KINDS,
  type Grant,
  type GrantKind,
  type GrantTerms,
  type Hold,
  type Wallet,
} from "../../../src/wallet/model/types";
import { couldPay, refundable, stillHeld, totalOf } from "../auditor/faults";
import * as make from "../commands";
import type { Dice } from "./dice";

/** What a step sees: a wallet that has caught up, and the moment at which it acts. */
export interface Scene {
  readonly dice: Dice;
  readonly wallet: Wallet;
  readonly now: Instant;
  /** The wallets that a transfer may go to: a friend's mostly, rarely one's own or one of another credit type. */
  readonly friend: Wallet;
  readonly stranger: Wallet;
}

const CREDIT = 1_000_000n;
const HOUR = 3_600_000_000n;
const GIVEN_KINDS: readonly GrantKind[] = GRANT_KINDS.filter(
  (kind) => kind !== "OVERDRAFT" && kind !== "ROLLOVER" && kind !== "REFUND",
);
const REPAYING: ReadonlySet<GrantKind> = new Set(["PURCHASED", "PLAN", "ADJUSTMENT"]);
const NEVER_REPAYING: ReadonlySet<GrantKind> = new Set(["PROMO", "REFERRAL", "GIFT"]);

/**
 * Commands that mostly succeed and now and then are refused, for each of the reasons that there are. Where there is nothing to do it to,
 * that is made first, mostly: credits to be spent, a hold to be captured.
 */
export const ACTS = {
  grant: grantTo,
  spend: (scene: Scene): Command => {
    const use = useOf(scene);
    const could = couldPayFor(scene, use);
    if (could === 0n && scene.dice.chance(85)) return grantTo(scene);
    return make.spendOf(amountUpTo(scene.dice, could), use);
  },
  hold: holdFrom,
  capture: (scene: Scene): Command => {
    const { dice } = scene;
    const hold = holdIn(scene);
    if (!hold) return dice.chance(10) ? make.captureOf(999, null) : holdFrom(scene);
    const held = stillHeld(hold);
    const excess = dice.chance(35);
    const more = excess ? held + amountUpTo(dice, couldPayFor(scene, hold)) : amountUpTo(dice, held);
    const amount = dice.chance(25) ? null : more;
    const given = { allowExcess: dice.chance(excess ? 90 : 10), final: dice.chance(55), boundTo: boundTo(dice, hold.app) };
    return make.captureOf(hold.sequence, amount, given);
  },
  extend: (scene: Scene): Command => {
    const { dice, now } = scene;
    const hold = holdIn(scene);
    if (!hold) return holdFrom(scene);
    const later = hold.expiresAt > now ? hold.expiresAt : now;
    return make.extendOf(hold.sequence, dice.chance(80) ? { at: later + dice.between(0n, 30n) * HOUR } : holdExpiry(scene));
  },
  release: (scene: Scene): Command => {
    const hold = holdIn(scene);
    return hold ? { ...make.releaseOf(hold.sequence), boundTo: boundTo(scene.dice, hold.app) } : holdFrom(scene);
  },
  refund: (scene: Scene): Command => {
    const { dice, wallet } = scene;
    const spends = wallet.spents.filter(({ sequence }) => refundable(wallet, sequence) > 0n);
    const owing = spends.filter(({ draws }) => draws.some(({ grant }) => wallet.grants[grant - 1]?.kind === "OVERDRAFT"));
    const some = dice.chance(30) && owing.length > 0 ? owing : spends;
    const spent = dice.one(dice.chance(92) ? some : wallet.spents);
    if (!spent) return dice.chance(10) ? make.refundOf(999) : ACTS.spend(scene);
    const amount = dice.chance(40) ? null : amountUpTo(dice, refundable(wallet, spent.sequence));
    return { ...make.refundOf(spent.sequence, amount), boundTo: boundTo(dice, spent.app) };
  },
  void: (scene: Scene): Command => {
    const { dice, wallet, now } = scene;
    const standing = wallet.grants.filter((grant) => grant.voidedAt === null && left(grant) > 0n && grant.kind !== "OVERDRAFT");
    const spent = wallet.grants.filter((grant) => left(grant) === 0n && grant.expiresAt !== null && grant.expiresAt <= now);
    const ended = dice.chance(50) ? spent : wallet.grants.filter((grant) => grant.voidedAt !== null || left(grant) === 0n);
    const some = dice.chance(70) ? standing : ended;
    const grant = dice.one(some);
    if (!grant) return grantTo(scene);
    const number = dice.chance(6) ? 999 : grant.number;
    if (dice.chance(75)) return make.voidOf(number);
    return make.withdrawOf(number, dice.chance(70) ? amountUpTo(dice, left(grant)) : creditsOf(dice, 8n));
  },
  adjust: ({ dice, wallet, now }: Scene): Command => {
    const could = couldPay(wallet, { scoped: false, operation: null, app: null, overdraft: true }, now);
    if (dice.chance(could === 0n ? 90 : 40)) return make.adjustOf(creditsOf(dice, 8n));
    return make.adjustOf(-amountUpTo(dice, could));
  },
  overdraft: ({ dice, wallet }: Scene): Command => {
    const { debt } = wallet.balance;
    const fresh = dice.of(0n, 4n * CREDIT, 9n * CREDIT, 9n * CREDIT);
    const limit = debt > 0n ? dice.of(debt, debt / 2n, debt / 2n, debt + CREDIT, fresh, fresh) : fresh;
    return { ...make.overdraftOf(limit), costBasis: dice.of(null, { amount: "1", currency: "USD" }) };
  },
  transfer: (scene: Scene): Command => {
    const { dice, wallet, now, friend, stranger } = scene;
    const could = couldPay(wallet, { scoped: false, operation: null, app: null, overdraft: false }, now);
    if (could === 0n && dice.chance(85)) return grantTo(scene);
    const to = dice.chance(88) ? friend : dice.of(wallet, stranger);
    return make.transferOf(to.key, amountUpTo(dice, could));
  },
  /** More than a wallet may hold, or as much as it may just hold for a while. */
  flood: ({ dice, wallet, now }: Scene): Command => {
    const room = MAX_AMOUNT - totalOf(wallet);
    if (room > 0n && dice.chance(15)) return make.grantOf(room, { expiresAt: now + HOUR });
    return dice.chance(50) ? make.grantOf(room > 0n ? room + 1n : 1n) : make.overdraftOf(MAX_AMOUNT);
  },
} satisfies Readonly<Record<string, (scene: Scene) => Command>>;

function grantTo({ dice, now }: Scene): Command {
  const kind = dice.one(GIVEN_KINDS) as GrantKind;
  const effectiveAt = dice.chance(25) ? now + dice.between(-2n, 48n) * HOUR : null;
  const begins = effectiveAt !== null && effectiveAt > now ? effectiveAt : now;
  const expiresAt = expiryOf(dice, begins);
  const terms: Partial<GrantTerms> = {
    kind,
    effectiveAt: effectiveAt as Instant,
    expiresAt,
    priority: dice.of(100, 100, 100, 50, 0, 255),
    scope: scopeOf(dice),
    costBasis: dice.chance(30) ? { amount: "9.99", currency: "EUR" } : null,
    rollover: expiresAt !== null && dice.chance(35) ? rolloverOf(dice) : null,
    repaysDebt: NEVER_REPAYING.has(kind) ? false : REPAYING.has(kind) !== dice.chance(15),
    source: dice.of(null, "campaign"),
    metadata: dice.of(null, { note: "given" }),
  };
  const command = make.grantOf(creditsOf(dice, 12n), terms);
  return dice.chance(20) ? { ...command, defaultLife: dice.of("PT30H", "P3D", "P1M") } : command;
}

function holdFrom(scene: Scene): Command {
  const use = useOf(scene);
  const could = couldPayFor(scene, use);
  if (could === 0n && scene.dice.chance(85)) return grantTo(scene);
  return make.holdOf(amountUpTo(scene.dice, could), holdExpiry(scene), use);
}

function creditsOf(dice: Dice, most: bigint): Amount {
  const credits = dice.between(1n, most) * CREDIT;
  return dice.chance(15) ? credits + dice.of(1n, 500_000n, -1n) : credits;
}

/** Around what there is: a little, much, all of it, a millionth less; rarely a millionth more. */
function amountUpTo(dice: Dice, most: Amount): Amount {
  if (most <= 1n) return most === 1n ? 1n : creditsOf(dice, 3n);
  const few = creditsOf(dice, 3n);
  return dice.of(
    few < most ? few : most,
    few < most ? few : most,
    few < most ? few : most,
    most / 2n,
    most,
    most,
    most - 1n,
    1n,
    most + 1n,
  );
}

function expiryOf(dice: Dice, begins: Instant): Instant | null {
  if (dice.chance(30)) return null;
  if (dice.chance(3)) return begins - dice.of(0n, 1n);
  return begins + (dice.chance(60) ? dice.between(1n, 48n) : dice.between(48n, 240n)) * HOUR;
}

function scopeOf(dice: Dice): GrantTerms["scope"] {
  const operations = dice.chance(75) ? [] : dice.of(["image.*"], ["text"], ["image.make", "text"], ["*"]);
  const apps = dice.chance(85) ? [] : dice.of(["photos"], ["doc*"]);
  return { operations, apps };
}

function rolloverOf(dice: Dice): GrantTerms["rollover"] {
  const maximum = dice.chance(30) ? 2n * CREDIT : null;
  return { percent: dice.of(100, 100, 50, 33, 1, 0), maximum, period: dice.of("PT12H", "P1D", "P1M"), periods: dice.of(1, 2) };
}

type Use = Pick<SpendCommand, "operation" | "app" | "quantity" | "occurredAt" | "allowPartial">;

function useOf({ dice, now }: Scene): Use {
  const occurredAt = dice.chance(10) ? now - dice.between(0n, 9n) * HOUR : null;
  return {
    operation: dice.of(null, null, "image.make", "image.cut", "text"),
    app: dice.of(null, null, null, "photos", "docs"),
    quantity: dice.of(null, "3"),
    occurredAt: dice.chance(2) ? now + 1n : occurredAt,
    allowPartial: dice.chance(25),
  };
}

function couldPayFor({ wallet, now }: Scene, { operation, app }: Pick<Use, "operation" | "app">): Amount {
  return couldPay(wallet, { scoped: true, operation, app, overdraft: true }, now);
}

function holdExpiry({ dice, now }: Scene): HoldExpiry {
  if (dice.chance(4)) return { at: now - dice.of(0n, 1n, HOUR) };
  return dice.chance(50) ? { in: dice.of("PT15M", "PT12H", "P1D", "P4D") } : { at: now + dice.between(1n, 99n) * HOUR };
}

/** An open hold mostly, if there is one. */
function holdIn({ dice, wallet }: Scene): Hold | undefined {
  const open = wallet.holds.filter(({ status }) => status === "OPEN");
  return dice.one(dice.chance(94) ? open : wallet.holds);
}

/** A key of the app's own now and then, rarely of another. */
function boundTo(dice: Dice, app: string | null): string | null {
  if (dice.chance(80)) return null;
  return dice.chance(80) ? app : "other";
}

function left({ pots }: Grant): Amount {
  return pots.PENDING + pots.AVAILABLE + pots.HELD;
}
