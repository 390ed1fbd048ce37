import { type Amount, MAX_AMOUNT } from "../../../src/core/amount";
import { addPeriods, type Instant } from "../../../src/core/time";
import type {
  CaptureCommand,
  Command,
  HoldCommand,
  HoldExpiry,
  RefundCommand,
  SpendCommand,
  VoidCommand,
  WalletCommand,
  WalletRefusal,
  WithdrawCommand,
} from "../../../src/wallet/model/commands";
import type { Hold, Wallet } from "../../../src/wallet/model/types";
import { isEligible, type Wanted } from "./book";

/**
 * All that the rules have against a command, on a wallet that has caught up to `now`: a command is refused for one of these, and carried
 * out when there is none. That the wallet would hold more than amounts can say is among them whenever it may be so; see `mayOverflow`.
 */
export function faultsOf(wallet: Wallet, command: WalletCommand, now: Instant): readonly WalletRefusal[] {
  switch (command.type) {
    case "grant": {
      const { effectiveAt, expiresAt } = lifeOf(command, wallet, now);
      return expiresAt !== null && expiresAt <= effectiveAt ? [{ code: "EXPIRES_IN_PAST", now }] : [];
    }
    case "spend":
    case "hold":
      return faultsOfUse(wallet, command, now);
    case "capture":
      return onOpenHold(wallet, command, (hold) => faultsOfCapture(wallet, command, hold, now));
    case "extend":
      return onOpenHold(wallet, command, (hold) => {
        return endOf(command.expires, wallet, now) > hold.expiresAt ? [] : [{ code: "HOLD_EXPIRY_NOT_LATER", hold }];
      });
    case "release":
      return onOpenHold(wallet, command, () => []);
    case "refund":
      return faultsOfRefund(wallet, command);
    case "void":
      return faultsOfVoid(wallet, command, now);
    case "withdraw":
      return faultsOfWithdrawal(wallet, command, now);
    case "adjust":
      return command.amount < 0n ? missing(wallet, ANY_SCOPE, -command.amount, now) : [];
    case "overdraft":
      return [];
  }
}

/** What a giver has to have. */
export function faultsOfGiving(giver: Wallet, amount: Amount, now: Instant): readonly WalletRefusal[] {
  return missing(giver, { ...ANY_SCOPE, overdraft: false }, amount, now);
}

const ANY_SCOPE: Wanted = { scoped: false, operation: null, app: null, overdraft: true };

/** True when what a command brings in could take a wallet past the largest amount. Repaid debt makes it less, so it need not. */
export function mayOverflow(wallet: Wallet, brought: Amount): boolean {
  return brought > 0n && totalOf(wallet) + brought > MAX_AMOUNT;
}

/** What BALANCE_OUT_OF_RANGE is about. */
export function totalOf({ balance }: Wallet): Amount {
  return balance.available + balance.held + balance.pending + balance.debt + balance.overdraft;
}

/** How much a command can add to a wallet. */
export function broughtBy(command: Command, wallet: Wallet): Amount {
  if (command.type === "grant") return command.terms.amount;
  if (command.type === "overdraft") return command.limit;
  if (command.type === "adjust" || command.type === "transfer") return command.amount;
  return command.type === "refund" ? (command.amount ?? refundable(wallet, command.spend)) : 0n;
}

/** When a grant begins and ends, by its command. */
export function lifeOf(command: Extract<Command, { type: "grant" }>, wallet: Wallet, now: Instant) {
  const { terms, defaultLife } = command;
  const effectiveAt = terms.effectiveAt !== null && terms.effectiveAt > now ? terms.effectiveAt : now;
  if (terms.expiresAt !== null || defaultLife === null) return { effectiveAt, expiresAt: terms.expiresAt };
  return { effectiveAt, expiresAt: addPeriods(effectiveAt, defaultLife, 1, wallet.timeZone) };
}

export function endOf(expires: HoldExpiry, wallet: Wallet, now: Instant): Instant {
  return "at" in expires ? expires.at : addPeriods(now, expires.in, 1, wallet.timeZone);
}

/** All that the wallet could pay for this. */
export function couldPay({ grants }: Wallet, wanted: Wanted, now: Instant): Amount {
  const lots = grants.map((grant) => ({ terms: grant, pots: grant.pots, voided: grant.voidedAt !== null }));
  return lots.filter((lot) => isEligible(lot, now, wanted)).reduce((sum, { pots }) => sum + pots.AVAILABLE, 0n);
}

export function stillHeld({ amount, captured, released }: Hold): Amount {
  return amount - captured - released;
}

/** What is left to refund of a transaction. */
export function refundable(wallet: Wallet, sequence: number): Amount {
  const spent = wallet.spents.find((one) => one.sequence === sequence);
  return spent ? spent.draws.reduce((sum, draw) => sum + draw.amount, 0n) - spent.refunded : 0n;
}

function faultsOfUse(wallet: Wallet, command: SpendCommand | HoldCommand, now: Instant): readonly WalletRefusal[] {
  const { amount, allowPartial, occurredAt, operation, app } = command;
  const wanted = { scoped: true, operation, app, overdraft: true };
  const faults: WalletRefusal[] = [];
  if (occurredAt !== null && occurredAt > now) faults.push({ code: "OCCURRED_IN_FUTURE", now });
  if (command.type === "hold" && endOf(command.expires, wallet, now) <= now) faults.push({ code: "EXPIRES_IN_PAST", now });
  if (!allowPartial || couldPay(wallet, wanted, now) === 0n) faults.push(...missing(wallet, wanted, amount, now));
  return faults;
}

function missing(wallet: Wallet, wanted: Wanted, required: Amount, now: Instant): readonly WalletRefusal[] {
  const spendable = couldPay(wallet, wanted, now);
  if (spendable >= required) return [];
  const { available } = wallet.balance;
  const own = couldPay(wallet, { ...wanted, overdraft: false }, now);
  const outOfScope = couldPay(wallet, { ...wanted, scoped: false, overdraft: false }, now) - own;
  return [{ code: "INSUFFICIENT_CREDITS", spendable, available, outOfScope, required, shortfall: required - spendable }];
}

/** A hold of another app is not there for a key that is bound to one. */
function onOpenHold(
  { holds }: Wallet,
  command: { readonly hold: number; readonly boundTo: string | null },
  faults: (hold: Hold) => readonly WalletRefusal[],
): readonly WalletRefusal[] {
  const hold = holds.find(({ sequence }) => sequence === command.hold);
  if (!hold || !mayTouch(command.boundTo, hold.app)) return [{ code: "NOT_FOUND", what: "hold" }];
  return hold.status === "OPEN" ? faults(hold) : [{ code: "HOLD_ENDED", hold }];
}

function mayTouch(boundTo: string | null, app: string | null): boolean {
  return boundTo === null || boundTo === app;
}

function faultsOfCapture(wallet: Wallet, command: CaptureCommand, hold: Hold, now: Instant): readonly WalletRefusal[] {
  const held = stillHeld(hold);
  const requested = command.amount ?? held;
  if (requested <= held) return [];
  if (!command.allowExcess) return [{ code: "CAPTURE_EXCEEDS_HOLD", hold, held, requested }];
  const { operation, app } = hold;
  return missing(wallet, { scoped: true, operation, app, overdraft: true }, requested - held, now);
}

function faultsOfRefund(wallet: Wallet, { spend, amount, boundTo }: RefundCommand): readonly WalletRefusal[] {
  const spent = wallet.spents.find(({ sequence }) => sequence === spend);
  if (!spent || !mayTouch(boundTo, spent.app)) return [{ code: "NOT_FOUND", what: "transaction" }];
  if (!["SPEND", "CAPTURE"].includes(spent.type)) return [{ code: "NOT_REFUNDABLE", sequence: spend }];
  const left = refundable(wallet, spend);
  const requested = amount ?? left;
  const fits = requested > 0n && requested <= left;
  return fits ? [] : [{ code: "REFUND_EXCEEDS_SPEND", refundable: left, requested }];
}

/** As a void, but that something must be there to be taken; and a limit is none of it. */
function faultsOfWithdrawal(wallet: Wallet, command: WithdrawCommand, now: Instant): readonly WalletRefusal[] {
  const faults = faultsOfVoid(wallet, { ...command, type: "void" }, now);
  const grant = wallet.grants.find(({ number }) => number === command.grant);
  if (faults.length > 0 || !grant) return faults;
  const { number, kind, pots } = grant;
  if (pots.PENDING + pots.AVAILABLE > 0n && kind !== "OVERDRAFT") return [];
  return [{ code: "GRANT_NOT_ELIGIBLE", grant: number, reason: "NOTHING_LEFT" }];
}

function faultsOfVoid({ grants }: Wallet, command: VoidCommand, now: Instant): readonly WalletRefusal[] {
  const grant = grants.find(({ number }) => number === command.grant);
  if (!grant) return [{ code: "NOT_FOUND", what: "grant" }];
  const { number, kind, pots, voidedAt, expiresAt } = grant;
  const refused = (reason: "VOIDED" | "EXPIRED" | "NOTHING_LEFT"): readonly WalletRefusal[] => {
    return [{ code: "GRANT_NOT_ELIGIBLE", grant: number, reason }];
  };
  if (voidedAt !== null) return refused("VOIDED");
  // A limit is one as long as it stands, whatever is left of it.
  if (pots.PENDING + pots.AVAILABLE + pots.HELD > 0n || kind === "OVERDRAFT") return [];
  return refused(expiresAt !== null && expiresAt <= now ? "EXPIRED" : "NOTHING_LEFT");
}
