import { assert } from "../core/assert";
import type { Core } from "../platform/context";
import type { Answer } from "./answer";
import { holdSequence, type Result } from "./batch";
import type { Command } from "./model/commands";
import type { Grant, Transaction, WalletKey } from "./model/types";
import { readGrants, readHolds, readTransactions, readWallets } from "./wallet.reads";

type Found = Extract<Result, { status: "found" }>;

/** The first answer to a command that was done before, read from what was written then: its transaction, with everything else as it is now. */
export async function readFound(core: Core, found: Found, command: Command): Promise<Extract<Answer, { status: "done" }>> {
  const { key, sequence, replayed, wallet } = found;
  const now = core.clock.now();
  const transaction = await required(core, key, sequence);
  const held = holdSequence(transaction);
  const [grants, [hold], counterpart] = await Promise.all([
    grantsOf(core, key, transaction),
    readHolds(core.pool, held === null ? [] : [{ key, number: held }], now),
    command.type === "transfer" ? readCounterpart(core, transaction) : null,
  ]);
  const done = { status: "done", replayed, wallet, transaction, grants, hold: hold ?? null } as const;
  return counterpart ? { ...done, counterpart } : done;
}

async function readCounterpart(core: Core, { counterpart }: Transaction) {
  assert(counterpart, "a transfer names its other side");
  const transaction = await required(core, counterpart, counterpart.sequence);
  const [[wallet], grants] = await Promise.all([
    readWallets(core.pool, [counterpart], core.clock.now()),
    grantsOf(core, counterpart, transaction),
  ]);
  assert(wallet, "a wallet with a transaction exists");
  return { wallet, transaction, grants };
}

async function required(core: Core, key: WalletKey, sequence: number): Promise<Transaction> {
  const [transaction] = await readTransactions(core.pool, [{ key, number: sequence }]);
  assert(transaction, "what an idempotency key was used for is there for ever");
  return transaction;
}

async function grantsOf(core: Core, key: WalletKey, transaction: Transaction): Promise<readonly Grant[]> {
  const numbers = [...new Set(transaction.entries.map((entry) => entry.grant))];
  const grants = await readGrants(
    core.pool,
    numbers.map((number) => ({ key, number })),
    core.clock.now(),
  );
  return grants.filter((grant) => grant !== null);
}
