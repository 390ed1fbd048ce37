import DataLoader from "dataloader";
import type { Amount } from "../core/amount";
import { assert } from "../core/assert";
import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import type { Answer } from "./answer";
import { holdSequence, type Result } from "./batch";
import { nextDueAt } from "./model/catch-up";
import type { Command } from "./model/commands";
import type { Grant, Hold, Transaction, Wallet, WalletKey } from "./model/types";
import { timeOf } from "./model/wallet";
import { ANY_PRICES, withPrice } from "./priced-commands";
import { type Dated, readGrants, readHolds, readTransactions, readWallets } from "./store/wallet.reads";
import type { Named } from "./store/wallet.store";

type Found = Extract<Result, { status: "found" }>;

/** The first answer to a command that was done before: its transaction as it was written then, with everything else as it is now. */
export async function readFound(core: Core, found: Found, command: Command): Promise<Extract<Answer, { status: "done" }>> {
  const { key, transaction, replayed, wallet } = found;
  const readings = readingsOf(core);
  const held = holdSequence(transaction);
  const [asked, grants, hold, counterpart] = await Promise.all([
    askedBy(core, key, command, transaction),
    grantsOf(readings, key, transaction, isUpToDate(wallet, core.clock.now()) ? wallet.grants : []),
    held === null ? null : readings.holds.load({ key, number: held }),
    command.type === "transfer" ? readCounterpart(readings, transaction) : null,
  ]);
  const done = { status: "done", replayed, wallet, transaction, asked, grants, hold: hold?.value ?? null } as const;
  return counterpart ? { ...done, counterpart } : done;
}

/** What the first time asked for: what it was priced at then, whatever it costs now. */
async function askedBy(core: Core, key: WalletKey, command: Command, { priced }: Transaction): Promise<Amount | null> {
  if (command.type !== "spend" && command.type !== "hold") return null;
  const { pricing } = command;
  if (!pricing || !priced) return command.amount;
  const use = { ...pricing.use, asOf: priced, quote: null };
  return (await withPrice(core, key, { ...command, pricing: { ...pricing, use } }, ANY_PRICES)).amount;
}

async function readCounterpart(readings: Readings, { counterpart }: Transaction) {
  assert(counterpart, "a transfer names its other side");
  const transaction = await readings.transactions.load({ key: counterpart, number: counterpart.sequence });
  assert(transaction, "what a transaction names is there for ever");
  const [wallet, grants] = await Promise.all([
    readings.wallets.load(counterpart),
    grantsOf(readings, counterpart, transaction, []),
  ]);
  assert(wallet, "a wallet with a transaction exists");
  return { wallet, transaction, grants };
}

/** Whether nothing has fallen due in it that is not in it yet. */
function isUpToDate(wallet: Wallet, now: Instant): boolean {
  const due = nextDueAt(wallet);
  return due === null || due > timeOf(wallet, now);
}

/** The grants that a transaction is about; `known`: some that need not be read. */
async function grantsOf(
  readings: Readings,
  key: WalletKey,
  { entries }: Transaction,
  known: readonly Grant[],
): Promise<readonly Grant[]> {
  const numbers = [...new Set(entries.map((entry) => entry.grant))];
  const read = async (number: number) =>
    known.find((grant) => grant.number === number) ?? (await readings.grants.load({ key, number }))?.value;
  return (await Promise.all(numbers.map(read))).filter((grant) => grant !== undefined);
}

/** What is asked for at once is read at once, over all commands: those that a batch found done before are answered together. */
interface Readings {
  readonly transactions: DataLoader<Named, Transaction | null>;
  readonly grants: DataLoader<Named, Dated<Grant> | null>;
  readonly holds: DataLoader<Named, Dated<Hold> | null>;
  readonly wallets: DataLoader<WalletKey, Wallet | null>;
}

/** By the whole core: on the same connections others may live in another time. */
const READINGS = new WeakMap<Core, Readings>();

function readingsOf(core: Core): Readings {
  const known = READINGS.get(core);
  if (known) return known;
  const { pool, clock } = core;
  // Nothing is kept: what one command reads may have changed when the next one asks.
  const options = { cache: false, maxBatchSize: 1_000 };
  const readings: Readings = {
    transactions: new DataLoader((named) => readTransactions(pool, named), options),
    grants: new DataLoader((named) => readGrants(pool, named, clock.now()), options),
    holds: new DataLoader((named) => readHolds(pool, named, clock.now()), options),
    wallets: new DataLoader((keys) => readWallets(pool, keys, clock.now()), options),
  };
  READINGS.set(core, readings);
  return readings;
}
