import DataLoader from "dataloader";
import { assert } from "../core/assert";
import type { Core } from "../platform/context";
import type { Answer } from "./answer";
import { holdSequence, type Result } from "./batch";
import type { Command } from "./model/commands";
import type { Grant, Hold, Transaction, Wallet, WalletKey } from "./model/types";
import { readGrants, readHolds, readTransactions, readWallets } from "./wallet.reads";
import type { Named } from "./wallet.store";

type Found = Extract<Result, { status: "found" }>;

/** The first answer to a command that was done before, read from what was written then: its transaction, with everything else as it is now. */
export async function readFound(core: Core, found: Found, command: Command): Promise<Extract<Answer, { status: "done" }>> {
  const { key, sequence, replayed, wallet } = found;
  const readings = readingsOf(core);
  const transaction = await required(readings, key, sequence);
  const held = holdSequence(transaction);
  const [grants, hold, counterpart] = await Promise.all([
    grantsOf(readings, key, transaction),
    held === null ? null : readings.holds.load({ key, number: held }),
    command.type === "transfer" ? readCounterpart(readings, transaction) : null,
  ]);
  const done = { status: "done", replayed, wallet, transaction, grants, hold } as const;
  return counterpart ? { ...done, counterpart } : done;
}

async function readCounterpart(readings: Readings, { counterpart }: Transaction) {
  assert(counterpart, "a transfer names its other side");
  const transaction = await required(readings, counterpart, counterpart.sequence);
  const [wallet, grants] = await Promise.all([readings.wallets.load(counterpart), grantsOf(readings, counterpart, transaction)]);
  assert(wallet, "a wallet with a transaction exists");
  return { wallet, transaction, grants };
}

async function required({ transactions }: Readings, key: WalletKey, sequence: number): Promise<Transaction> {
  const transaction = await transactions.load({ key, number: sequence });
  assert(transaction, "what an idempotency key was used for is there for ever");
  return transaction;
}

async function grantsOf({ grants }: Readings, key: WalletKey, transaction: Transaction): Promise<readonly Grant[]> {
  const numbers = [...new Set(transaction.entries.map((entry) => entry.grant))];
  const found = await Promise.all(numbers.map((number) => grants.load({ key, number })));
  return found.filter((grant) => grant !== null);
}

/** What is asked for at once is read at once, over all commands: those that a batch found done before are answered together. */
interface Readings {
  readonly transactions: DataLoader<Named, Transaction | null>;
  readonly grants: DataLoader<Named, Grant | null>;
  readonly holds: DataLoader<Named, Hold | null>;
  readonly wallets: DataLoader<WalletKey, Wallet | null>;
}

const READINGS = new WeakMap<Core["pool"], Readings>();

function readingsOf({ pool, clock }: Core): Readings {
  const known = READINGS.get(pool);
  if (known) return known;
  // Nothing is kept: what one command reads may have changed when the next one asks.
  const options = { cache: false, maxBatchSize: 1_000 };
  const readings: Readings = {
    transactions: new DataLoader((named) => readTransactions(pool, named), options),
    grants: new DataLoader((named) => readGrants(pool, named, clock.now()), options),
    holds: new DataLoader((named) => readHolds(pool, named, clock.now()), options),
    wallets: new DataLoader((keys) => readWallets(pool, keys, clock.now()), options),
  };
  READINGS.set(pool, readings);
  return readings;
}
