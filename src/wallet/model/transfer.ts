import { refuse } from "../../core/refusal";
import type { Instant } from "../../core/time";
import { type CaughtUp, catchUp } from "./catch-up";
import type { Outcome, TransferCommand } from "./commands";
import { costOf } from "./cost-basis";
import { conclude, notDecided, requestOf } from "./decide";
import { Draft, type Facts } from "./draft";
import { insufficient } from "./spend";
import type { Grant, Wallet } from "./types";
import { timeOf } from "./wallet";

/** What came of a transfer on both sides. A refusal stands on the giver's; the receiver's then holds its catch-up only. */
export interface Transferred {
  readonly giver: Outcome;
  readonly receiver: CaughtUp | Extract<Outcome, { refused?: never }>;
}

/** A gift is no operation, so scopes do not bind it; and it gives away no debt. */
const USE = { operation: null, app: null, anyScope: true, overdraft: false };

/**
 * Gives credits to another account's wallet: the giver's grants pay by the waterfall, and for each the receiver gets a GIFT grant
 * with the same scope, priority and expiry. Both wallets catch up first, to one moment, and change together or not at all. So both must
 * live by the same clock: what is simulated stays apart from what is real.
 */
export function decideTransfer(giver: Wallet, receiver: Wallet, command: TransferCommand, now: Instant): Transferred {
  if (giver.testClock !== receiver.testClock) {
    const [giving, receiving] = [catchUp(giver, timeOf(giver, now), now), catchUp(receiver, timeOf(receiver, now), now)];
    return { giver: notDecided(giving, refuse({ code: "TRANSFER_NOT_POSSIBLE", reason: "OTHER_CLOCK" })), receiver: receiving };
  }
  const moment = [timeOf(giver, now), giver.clockAt, receiver.clockAt].reduce((latest, at) => (at > latest ? at : latest));
  const giving = catchUp(giver, moment, now);
  const same = giver.key.accountId === receiver.key.accountId && giver.key.creditTypeId === receiver.key.creditTypeId;
  if (same) {
    return { giver: notDecided(giving, refuse({ code: "TRANSFER_NOT_POSSIBLE", reason: "SAME_WALLET" })), receiver: giving };
  }
  const receiving = catchUp(receiver, moment, now);
  if (giver.key.creditTypeId !== receiver.key.creditTypeId) {
    const refused = refuse({ code: "TRANSFER_NOT_POSSIBLE", reason: "OTHER_CREDIT_TYPE" } as const);
    return { giver: notDecided(giving, refused), receiver: receiving };
  }
  const given = new Draft(giving.wallet, moment);
  const received = new Draft(receiving.wallet, moment);
  if (given.draw(USE, command.amount, () => "MOVED") > 0n) {
    return { giver: notDecided(giving, insufficient(given, USE, command.amount)), receiver: receiving };
  }
  for (const { grant, amount } of given.entries) receive(received, given, given.grant(grant) as Grant, amount);
  const request = requestOf(giver.key, command);
  const taken = conclude(giving, given, facts(received), request, now);
  const passed = conclude(receiving, received, facts(given), { ...request, idempotencyKey: null, fingerprint: null }, now);
  // Both or neither: a receiver who may hold no more refuses the whole.
  if (passed.refused) return { giver: notDecided(giving, refuse(passed.refusal)), receiver: receiving };
  return { giver: taken, receiver: taken.refused ? receiving : passed };
}

function facts(other: Draft): Facts {
  return { type: "TRANSFER", counterpart: { ...other.wallet.key, sequence: other.sequence } };
}

function receive(draft: Draft, giver: Draft, paid: Grant, amount: bigint): void {
  const gift = draft.issue(
    {
      kind: "GIFT",
      amount,
      priority: paid.priority,
      effectiveAt: draft.now,
      expiresAt: paid.expiresAt,
      scope: paid.scope,
      costBasis: costOf(paid, amount),
      rollover: null,
      repaysDebt: false,
      source: "gift",
      metadata: null,
    },
    { ...giver.wallet.key, number: paid.number },
  );
  draft.move(gift.number, "ISSUED", "AVAILABLE", amount);
}
