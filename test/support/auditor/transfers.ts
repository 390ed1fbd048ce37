import type { Instant } from "../../../src/core/time";
import { catchUp } from "../../../src/wallet/model/catch-up";
import type { Decided, TransferCommand, WalletRefusal } from "../../../src/wallet/model/commands";
import type { Transferred } from "../../../src/wallet/model/transfer";
import type { Wallet } from "../../../src/wallet/model/types";
import { bornIn, grantOf, judgeRefusal, saidIn, saidOf, sameSoFar } from "./answers";
import { costShare } from "./cost";
import { holds, same } from "./expect";
import { faultsOfGiving, mayOverflow } from "./faults";

/** Both sides of a transfer, against what was asked. */
export function judgeTransfer(giver: Wallet, receiver: Wallet, command: TransferCommand, now: Instant, done: Transferred): void {
  const faults = impossible(giver, receiver);
  // By different clocks there is no moment that both could come to: each comes to its own.
  const together = giver.testClock === receiver.testClock ? [giver, receiver] : [];
  const momentOf = (wallet: Wallet) => latest([wallet.testClock ?? now, ...[wallet, ...together].map(({ clockAt }) => clockAt)]);
  const moment = momentOf(giver);
  const giving = catchUp(giver, moment, now);
  const receiving = catchUp(receiver, momentOf(receiver), now);
  faults.push(...faultsOfGiving(giving.wallet, command.amount, moment));
  if (done.giver.refused) {
    judgeRefusal(done.giver, giving, faults, 0n, mayOverflow(receiving.wallet, command.amount));
    sameSoFar(done.receiver, receiving);
    same(done.receiver.wallet, receiving.wallet, "the wallet of who gets nothing");
    return;
  }
  same(faults, [], "what there is against a transfer that was done");
  holds("transaction" in done.receiver, "both sides of a transfer are done");
  sameSoFar(done.giver, giving);
  sameSoFar(done.receiver, receiving);
  judgeSides(done.giver, done.receiver, command, now, moment);
}

function latest(instants: readonly Instant[]): Instant {
  return instants.toSorted((a, b) => Number(a - b)).at(-1) as Instant;
}

function impossible(giver: Wallet, receiver: Wallet): WalletRefusal[] {
  const faults: WalletRefusal[] = [];
  if (giver.testClock !== receiver.testClock) faults.push({ code: "TRANSFER_NOT_POSSIBLE", reason: "OTHER_CLOCK" });
  const sameType = giver.key.creditTypeId === receiver.key.creditTypeId;
  if (!sameType) faults.push({ code: "TRANSFER_NOT_POSSIBLE", reason: "OTHER_CREDIT_TYPE" });
  if (sameType && giver.key.accountId === receiver.key.accountId) {
    faults.push({ code: "TRANSFER_NOT_POSSIBLE", reason: "SAME_WALLET" });
  }
  return faults;
}

function judgeSides(given: Decided, received: Decided, command: TransferCommand, now: Instant, moment: Instant): void {
  for (const [side, other] of [
    [given, received],
    [received, given],
  ] as const) {
    const { key, sequence } = other.wallet;
    const asked = side === given ? {} : { idempotencyKey: null, fingerprint: null };
    const { transaction } = side;
    same(saidOf(transaction), { ...saidIn(command, given.wallet), ...asked }, "what a transfer says of itself");
    same(transaction.type, "TRANSFER", "the type of a transfer");
    same(transaction.amount, command.amount, "how much is transferred");
    same(transaction.counterpart, { ...key, sequence }, "the other side of a transfer");
    same([transaction.effectiveAt, transaction.recordedAt], [moment, now], "when a transfer was");
    same(transaction.policy, side.wallet.policy.version, "the policy of a transfer");
  }
  const gifts = bornIn(received);
  const paid = given.transaction.entries.map(({ grant, amount }) => ({ payer: grantOf(given.wallet, grant), amount }));
  const expected = paid.map(({ payer, amount }) => {
    const { priority, expiresAt, scope, number } = payer;
    const costBasis = costShare(payer, amount);
    return {
      kind: "GIFT",
      amount,
      priority,
      expiresAt,
      scope,
      costBasis,
      effectiveAt: moment,
      origin: { ...given.wallet.key, number },
    };
  });
  same(
    gifts.map(({ kind, amount, priority, expiresAt, scope, costBasis, effectiveAt, origin }) => {
      return { kind, amount, priority, expiresAt, scope, costBasis, effectiveAt, origin };
    }),
    expected,
    "the gifts",
  );
  same(
    gifts.map(({ rollover, repaysDebt }) => [rollover, repaysDebt]),
    gifts.map(() => [null, false]),
    "that a gift neither rolls over nor repays",
  );
}
