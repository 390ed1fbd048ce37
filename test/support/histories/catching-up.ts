import { deepStrictEqual } from "node:assert";
import type { Instant } from "../../../src/core/time";
import { type CaughtUp, catchUp, nextDueAt } from "../../../src/wallet/model/catch-up";
import { transactionHash } from "../../../src/wallet/model/hash";
import type { Transaction, Wallet } from "../../../src/wallet/model/types";

/** Catches up by way of all these instants, in their order, and by none that is past `until`; then to `until`. */
export function catchUpBy(wallet: Wallet, steps: readonly Instant[], until: Instant): CaughtUp {
  let whole: CaughtUp = { wallet, transactions: [], alerts: [] };
  for (const step of [...steps.filter((one) => one < until), until]) {
    const next = catchUp(whole.wallet, step);
    whole = {
      wallet: next.wallet,
      transactions: [...whole.transactions, ...next.transactions],
      alerts: [...whole.alerts, ...next.alerts],
    };
  }
  return whole;
}

/** All instants at which something falls due, until one; nothing may fall due in between, and something must at each. */
export function duesUntil(wallet: Wallet, until: Instant): readonly Instant[] {
  const dues: Instant[] = [];
  let current = wallet;
  for (let due = nextDueAt(current); due !== null && due <= until; due = nextDueAt(current)) {
    deepStrictEqual(due > current.clockAt, true, "nothing is left that was due");
    const before = catchUp(current, due - 1n);
    deepStrictEqual([before.transactions, before.alerts], [[], []], "nothing happens before it falls due");
    const then = catchUp(before.wallet, due);
    deepStrictEqual(then.transactions.length + then.alerts.length > 0, true, "something happens when it falls due");
    dues.push(due);
    current = then.wallet;
  }
  return dues;
}

/** The same, as if all of it had been recorded at one instant: with the hashes that it would have then. */
export function recordedAt({ wallet, transactions, alerts }: CaughtUp, instant: Instant, first: Uint8Array): CaughtUp {
  let previousHash = first;
  const again = transactions.map(({ hash: _hash, ...given }): Transaction => {
    const content = { ...given, recordedAt: instant, previousHash };
    const born = wallet.grants.filter((grant) => grant.createdBy === given.sequence);
    previousHash = transactionHash(content, born);
    return { ...content, hash: previousHash };
  });
  return { wallet: { ...wallet, hash: previousHash }, transactions: again, alerts };
}
