import { assert } from "../core/assert";
import { sameBytes } from "../core/bytes";
import type { Instant } from "../core/time";
import type { Act, Operator } from "../platform/act";
import { actOfCommand, actOnThreshold } from "./acts";
import { Change } from "./change";
import { addThreshold, removeThreshold } from "./model/alerts";
import { type CaughtUp, catchUp } from "./model/catch-up";
import type { Command, Outcome, Pricing, TransferCommand, WalletRefusal } from "./model/commands";
import { decide } from "./model/decide";
import { differingField, fingerprint } from "./model/fingerprint";
import { decideTransfer } from "./model/transfer";
import type { Balance, Grant, Hold, Threshold, Transaction, Wallet, WalletKey } from "./model/types";
import { timeOf } from "./model/wallet";
import type { LoadedWallet } from "./store/loaded-wallet";
import type { KnownUse, Loaded, Named, Needs } from "./store/wallet.store";
import { textOf } from "./store/wallet.store";
import { isNothing, type ThresholdWrite, type WalletWrite, type Writes } from "./store/wallet.writes";
import type { ShownKey } from "./units";

/** How many thresholds of its own a wallet may have at once: each is judged after every transaction. */
export const MOST_THRESHOLDS = 20;

/** What a wallet is asked to do: a command; or what belongs to its keeping and has no idempotency key. */
export type Task =
  | Command
  | { readonly type: "catchUp" }
  | { readonly type: "setThreshold"; readonly amount: bigint }
  | { readonly type: "removeThreshold"; readonly number: number };

export interface Job {
  /** The wallet; `unit`: what the task's amounts were read by, to be compared as it is done. None: they were in the first unit anyway. */
  readonly key: WalletKey & Partial<ShownKey>;
  readonly task: Task;
  /** Who does it, for the audit log; null: it is no operator's act. */
  readonly operator: Operator | null;
  /** The hashes of the transactions that earlier attempts computed for this job: should one be found written, it was this job that wrote it. */
  readonly attempts: Uint8Array[];
}

/** What a transaction changed on one side. */
export interface Side {
  readonly wallet: Wallet;
  readonly transaction: Transaction;
  readonly grants: readonly Grant[];
}

/** What became of a job inside its batch. `found` is answered after the commit, from what is written. */
export type Result =
  | ({ readonly status: "done"; readonly hold: Hold | null; readonly counterpart: Side | null } & Side)
  | {
      readonly status: "found";
      readonly key: WalletKey;
      /** The first time's. */
      readonly transaction: Transaction;
      readonly replayed: boolean;
      /** As it stands. */
      readonly wallet: Wallet;
    }
  | { readonly status: "refused"; readonly refusal: WalletRefusal; readonly wallet: Wallet }
  | { readonly status: "mismatch"; readonly key: WalletKey; readonly sequence: number; readonly field: string }
  | { readonly status: "absent" }
  /**
   * It was priced by what does not hold any more: the credit type's prices have this revision now, and this is the wallet's time.
   * `clock`: the test clock that it goes by; null: none. `plan`: that its account is on; null: none.
   */
  | {
      readonly status: "stale";
      readonly priceRevision: number;
      readonly at: Instant;
      readonly clock: Instant | null;
      readonly plan: number | null;
    }
  /** Its amounts were read by a unit that is not the credit type's any more. */
  | { readonly status: "otherUnit" }
  | { readonly status: "kept"; readonly wallet: Wallet; readonly threshold: Threshold | null }
  | { readonly status: "tooMany"; readonly limit: number };

/** The wallets that a job works on. */
export function keysOf({ key, task }: Job): readonly WalletKey[] {
  return task.type === "transfer" ? [key, task.to] : [key];
}

/** What must be loaded before the jobs can be decided. */
export function needsOf(jobs: readonly Job[]): Needs {
  const keys = new Map<string, WalletKey>();
  const grants: Named[] = [];
  const holds: Named[] = [];
  const spends: Named[] = [];
  const members: Named[] = [];
  const uses = new Map<string, Needs["uses"][number]>();
  for (const job of jobs) {
    const { key, task } = job;
    for (const own of keysOf(job)) keys.set(textOf(own), own);
    if (task.type === "void" || task.type === "withdraw") grants.push({ key, number: task.grant });
    if (task.type === "refund") spends.push({ key, number: task.spend });
    if ("member" in task && task.member !== null) members.push({ key, number: task.member });
    if ("hold" in task) holds.push({ key, number: task.hold });
    if ("idempotencyKey" in task) {
      const use = { accountId: key.accountId, idempotencyKey: task.idempotencyKey };
      uses.set(useOf(use), use);
    }
  }
  const named = { grants: once(grants), holds: once(holds), spends: once(spends), members: once(members) };
  return { keys: [...keys.values()], ...named, uses: [...uses.values()] };
}

/**
 * A batch in memory: the wallets as they stand, job after job in order of arrival, and what is to be written. Each job sees all before
 * it. A job that throws leaves no trace, so its neighbours go on.
 */
export class Batch {
  readonly #wallets = new Map<string, Wallet>();
  readonly #uses = new Map<string, KnownUse>();
  /** The wallets as the database has them, or will when what was sent to it has been written. */
  readonly #written: Map<string, LoadedWallet>;
  /** Those that may have changed since. */
  readonly #touched = new Set<string>();
  #transactions: Writes["transactions"][number][] = [];
  #alerts: Writes["alerts"][number][] = [];
  #newThresholds = new Map<string, ThresholdWrite>();
  #removedThresholds: ThresholdWrite[] = [];
  #acts: Act[] = [];
  readonly #changed = new Map<string, WalletWrite>();
  #hasWrites = false;
  readonly #thresholdCounts = new Map<string, number>();

  constructor(
    loaded: Loaded,
    /** The instant that the whole batch judges by, but for wallets that have a test clock, and is recorded at. */
    private readonly now: Instant,
  ) {
    this.#written = new Map(loaded.wallets);
    for (const [text, { wallet, thresholdCount }] of loaded.wallets) {
      this.#wallets.set(text, wallet);
      this.#thresholdCounts.set(text, thresholdCount);
    }
    for (const use of loaded.uses) this.#remember(use.key.accountId, use);
  }

  perform(job: Job): Result {
    const wallet = this.#wallets.get(textOf(job.key));
    if (!wallet) return { status: "absent" };
    const { task } = job;
    const { unit } = job.key;
    if (unit && !unit.holds(this.#before(textOf(job.key)).unitRevision, this.now)) return { status: "otherUnit" };
    if (task.type === "catchUp") return { status: "kept", wallet: this.#catchUp(wallet), threshold: null };
    if (task.type === "setThreshold") return this.#setThreshold(job, wallet, task.amount);
    if (task.type === "removeThreshold") return this.#removeThreshold(job, wallet, task.number);
    return this.#find(job, task, wallet) ?? this.#command(job, task, wallet);
  }

  /** The first use of the command's idempotency key, should there have been one: judged before anything else. */
  #find(job: Job, command: Command, wallet: Wallet): Result | null {
    const use = this.#uses.get(useOf({ accountId: job.key.accountId, idempotencyKey: command.idempotencyKey }));
    if (!use) return null;
    const { key, transaction } = use;
    assert(transaction.fingerprint !== null, "a command's transaction carries its fingerprint");
    const field = differingField(command, transaction.fingerprint, fingerprint(job.key, command));
    if (field !== null) return { status: "mismatch", key, sequence: transaction.sequence, field };
    const replayed = !job.attempts.some((attempt) => sameBytes(attempt, transaction.hash));
    return { status: "found", key, transaction, replayed, wallet };
  }

  #command(job: Job, command: Command, wallet: Wallet): Result {
    if (command.type === "transfer") return this.#transfer(job, command, wallet);
    const before = this.#before(textOf(job.key));
    if ("pricing" in command && !stillHolds(command.pricing, before, wallet, this.now)) {
      const { priceRevision, plan } = before;
      return { status: "stale", priceRevision, at: actsAt(wallet, this.now), clock: wallet.testClock, plan };
    }
    const outcome = decide(wallet, command, this.now);
    const after = this.#keep(outcome);
    if (outcome.refused) return { status: "refused", refusal: outcome.refusal, wallet: after };
    this.#did(job, outcome.transaction);
    this.#acts.push(...actOfCommand(job, met(outcome, wallet), outcome.transaction, this.now));
    return { status: "done", ...sideOf(outcome), hold: holdOf(outcome), counterpart: null };
  }

  #transfer(job: Job, command: TransferCommand, giver: Wallet): Result {
    const receiver = this.#wallets.get(textOf(command.to));
    if (!receiver) return { status: "absent" };
    const transferred = decideTransfer(giver, receiver, command, this.now);
    const after = this.#keep(transferred.giver);
    if (textOf(command.to) !== textOf(job.key)) this.#keep(transferred.receiver);
    if (transferred.giver.refused) return { status: "refused", refusal: transferred.giver.refusal, wallet: after };
    assert("transaction" in transferred.receiver, "both sides of a transfer change, or none");
    this.#did(job, transferred.giver.transaction);
    const sides = [
      [job, giver, transferred.giver],
      [{ ...job, key: { ...job.key, ...command.to } }, receiver, transferred.receiver],
    ] as const;
    for (const [side, standing, outcome] of sides)
      this.#acts.push(...actOfCommand(side, met(outcome, standing), outcome.transaction, this.now));
    return { status: "done", ...sideOf(transferred.giver), hold: null, counterpart: sideOf(transferred.receiver) };
  }

  #setThreshold(job: Job, before: Wallet, amount: bigint): Result {
    const wallet = this.#catchUp(before);
    const text = textOf(wallet.key);
    const same = wallet.thresholds.find((threshold) => threshold.amount === amount);
    if (same) return { status: "kept", wallet, threshold: same };
    if (wallet.thresholds.length >= MOST_THRESHOLDS) return { status: "tooMany", limit: MOST_THRESHOLDS };
    const number = (this.#thresholdCounts.get(text) ?? 0) + 1;
    const after = addThreshold(wallet, amount, number);
    const threshold = after.thresholds.find((one) => one.number === number);
    assert(threshold, "the threshold that was added stands");
    this.#thresholdCounts.set(text, number);
    this.#set(text, after);
    this.#newThresholds.set(`${text}/${number}`, this.#thresholdWrite(after, threshold));
    this.#acts.push(...actOnThreshold(job, threshold, this.now));
    return { status: "kept", wallet: after, threshold };
  }

  #removeThreshold(job: Job, before: Wallet, number: number): Result {
    const wallet = this.#catchUp(before);
    const threshold = wallet.thresholds.find((one) => one.number === number);
    if (!threshold) return { status: "absent" };
    const after = removeThreshold(wallet, number);
    this.#set(textOf(wallet.key), after);
    this.#removedThresholds.push(this.#thresholdWrite(after, threshold));
    this.#acts.push(...actOnThreshold(job, threshold, this.now));
    return { status: "kept", wallet: after, threshold };
  }

  #thresholdWrite(wallet: Wallet, { number, amount, state }: Threshold): ThresholdWrite {
    return { key: wallet.key, number, amount, state, sequence: wallet.sequence, at: wallet.clockAt };
  }

  #catchUp(wallet: Wallet): Wallet {
    return this.#keep(catchUp(wallet, timeOf(wallet, this.now), this.now));
  }

  #keep(after: CaughtUp | Outcome): Wallet {
    const { wallet } = after;
    const { key } = wallet;
    this.#set(textOf(key), wallet);
    for (const transaction of after.transactions) this.#transactions.push({ key, transaction });
    for (const alert of after.alerts) this.#alerts.push({ key, alert });
    return wallet;
  }

  #did(job: Job, transaction: Transaction): void {
    this.#remember(job.key.accountId, { key: job.key, transaction });
    job.attempts.push(transaction.hash);
  }

  #remember(accountId: string, use: KnownUse): void {
    const { idempotencyKey } = use.transaction;
    assert(idempotencyKey !== null, "a command's transaction carries its key");
    this.#uses.set(useOf({ accountId, idempotencyKey }), use);
  }

  /** The wallets as the database has them when all that was taken is written, by `textOf` their keys. */
  get standing(): ReadonlyMap<string, LoadedWallet> {
    return this.#written;
  }

  /** The wallets that have changed, as they stand. */
  get changed(): readonly WalletWrite[] {
    return [...this.#changed.values()];
  }

  /** Whether anything that was taken is to be written. */
  get hasWrites(): boolean {
    return this.#hasWrites;
  }

  /** All that the jobs have changed since this was last asked. */
  take(): Writes {
    const writes = this.#writes();
    this.#hasWrites ||= !isNothing(writes);
    for (const write of writes.wallets) {
      const text = textOf(write.wallet.key);
      this.#changed.set(text, write);
      const { priceRevision, unitRevision, plan } = this.#before(text);
      const thresholdCount = this.#thresholdCounts.get(text) ?? 0;
      this.#written.set(text, { ...write, thresholdCount, priceRevision, unitRevision, plan });
    }
    this.#touched.clear();
    [this.#transactions, this.#alerts, this.#removedThresholds, this.#newThresholds, this.#acts] = [[], [], [], new Map(), []];
    return writes;
  }

  #before(text: string): LoadedWallet {
    return this.#written.get(text) as LoadedWallet;
  }

  #set(text: string, wallet: Wallet): void {
    this.#wallets.set(text, wallet);
    this.#touched.add(text);
  }

  #writes(): Writes {
    const changes = [...this.#touched].map((text) => new Change(this.#before(text), this.#wallets.get(text) as Wallet));
    const removed = new Set(this.#removedThresholds.map(({ key, number }) => `${textOf(key)}/${number}`));
    return {
      recordedAt: this.now,
      transactions: this.#transactions,
      alerts: this.#alerts,
      wallets: changes.flatMap((change) => change.wallet()),
      newGrants: changes.flatMap((change) => change.newGrants()),
      changedGrants: changes.flatMap((change) => change.changedGrants()),
      holds: changes.flatMap((change) => change.holds()),
      limits: changes.flatMap((change) => change.limits()),
      newThresholds: [...this.#newThresholds.values()].map((write) => this.#latest(write)),
      changedThresholds: changes
        .flatMap((change) => change.thresholds())
        .filter(
          ({ key, number }) => !this.#newThresholds.has(`${textOf(key)}/${number}`) && !removed.has(`${textOf(key)}/${number}`),
        ),
      removedThresholds: this.#removedThresholds,
      acts: this.#acts,
    };
  }

  /** A threshold that was set in this batch, in the state that later jobs have brought it to. */
  #latest(write: ThresholdWrite): ThresholdWrite {
    const threshold = this.#wallets.get(textOf(write.key))?.thresholds.find((one) => one.number === write.number);
    return { ...write, state: threshold?.state ?? write.state };
  }
}

/** The balance that a command met: when the wallet had caught up. */
function met({ transactions }: Outcome, wallet: Wallet): Balance {
  return transactions.at(-2)?.balance ?? wallet.balance;
}

/** Whether a use still costs what was told. What was reckoned by another clock was never told for this wallet. */
function stillHolds(pricing: Pricing | null, before: LoadedWallet, wallet: Wallet, now: Instant): boolean {
  const terms = pricing?.told?.terms ?? null;
  if (terms === null) return true;
  const { revision, until, clock, plan } = terms;
  if (clock !== wallet.testClock || (plan !== "ANY" && plan !== before.plan)) return false;
  return (revision === null || revision === before.priceRevision) && (until === null || actsAt(wallet, now) < until);
}

/** The instant that a wallet would act at: its time never steps back. */
function actsAt(wallet: Wallet, now: Instant): Instant {
  const at = timeOf(wallet, now);
  return wallet.clockAt > at ? wallet.clockAt : at;
}

function sideOf(outcome: { readonly wallet: Wallet; readonly transaction: Transaction }): Side {
  const { wallet, transaction } = outcome;
  const touched = new Set(transaction.entries.map((entry) => entry.grant));
  return { wallet, transaction, grants: wallet.grants.filter((grant) => touched.has(grant.number)) };
}

function holdOf({ wallet, transaction }: { readonly wallet: Wallet; readonly transaction: Transaction }): Hold | null {
  const sequence = holdSequence(transaction);
  return wallet.holds.find((hold) => hold.sequence === sequence) ?? null;
}

/** The hold that a transaction made, changed or ended; null for one that is about none. */
export function holdSequence({ type, relatesTo, sequence }: Transaction): number | null {
  if (type === "HOLD") return relatesTo ?? sequence;
  return type === "CAPTURE" || type === "RELEASE" ? relatesTo : null;
}

function useOf(use: { readonly accountId: string; readonly idempotencyKey: string }): string {
  return `${use.accountId}/${use.idempotencyKey}`;
}

function once(named: readonly Named[]): readonly Named[] {
  return [...new Map(named.map((one) => [`${textOf(one.key)}/${one.number}`, one])).values()];
}
