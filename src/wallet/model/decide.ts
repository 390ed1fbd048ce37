import type { Amount } from "../../core/amount";
import { MAX_AMOUNT } from "../../core/amount";
import { type Refused, refuse } from "../../core/refusal";
import type { Instant } from "../../core/time";
import { adjust } from "./adjust";
import { capture } from "./capture";
import { type CaughtUp, catchUp } from "./catch-up";
import type { Command, NotDecided, Outcome, WalletCommand, WalletRefusal } from "./commands";
import { type Attempt, Draft, type Facts, type Request } from "./draft";
import { fingerprint } from "./fingerprint";
import { grant } from "./grant";
import { extend, hold } from "./hold";
import { setOverdraft } from "./overdraft";
import { refund } from "./refund";
import { release } from "./release";
import { spend } from "./spend";
import type { Balance, Wallet, WalletKey } from "./types";
import { voidGrant, withdraw } from "./void";
import { timeOf } from "./wallet";

/** A rule for each command. A rule works on a draft; a refused draft is dropped. */
const RULES: {
  readonly [Type in WalletCommand["type"]]: (draft: Draft, command: Extract<WalletCommand, { type: Type }>) => Attempt;
} = {
  grant,
  spend,
  hold,
  capture,
  extend,
  release,
  refund,
  void: voidGrant,
  adjust,
  overdraft: setOverdraft,
  withdraw,
};

/**
 * The one function that decides about credits: what a command does to a wallet at an instant, or why it may not. The wallet catches up
 * first, to the instant that it is for its account (`timeOf`); its time never steps back, so an instant before its last is taken as that
 * one. Pure: the same input gives the same answer, to the hash.
 */
export function decide(wallet: Wallet, command: WalletCommand, now: Instant): Outcome {
  const caughtUp = catchUp(wallet, timeOf(wallet, now), now);
  const draft = new Draft(caughtUp.wallet, caughtUp.wallet.clockAt);
  const rule = RULES[command.type] as (draft: Draft, command: WalletCommand) => Attempt;
  const attempt = rule(draft, command);
  if (attempt.refused) return notDecided(caughtUp, attempt);
  return conclude(caughtUp, draft, attempt, requestOf(wallet.key, command), now);
}

/** Writes a draft that its rule let pass, unless the wallet would hold more than amounts can say. */
export function conclude(before: CaughtUp, draft: Draft, facts: Facts, request: Request, recordedAt: Instant): Outcome {
  if (totalOf(draft.balance) > MAX_AMOUNT) return notDecided(before, refuse({ code: "BALANCE_OUT_OF_RANGE" }));
  const { wallet, transaction, alerts } = draft.write(facts, request, recordedAt);
  return {
    wallet,
    transaction,
    transactions: [...before.transactions, transaction],
    alerts: [...before.alerts, ...alerts],
  };
}

export function notDecided(caughtUp: CaughtUp, refused: Refused<WalletRefusal>): NotDecided {
  return { ...caughtUp, ...refused };
}

export function requestOf(key: WalletKey, command: Command): Request {
  const { actor, description, metadata, idempotencyKey } = command;
  return { actor, description, metadata, idempotencyKey, fingerprint: fingerprint(key, command) };
}

function totalOf(balance: Balance): Amount {
  return balance.available + balance.held + balance.pending + balance.overdraft + balance.debt;
}
