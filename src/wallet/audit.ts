import type { Amount } from "../core/amount";
import { sameBytes } from "../core/bytes";
import type { Instant } from "../core/time";
import { AlertAuditor, type ThresholdSpan } from "./audit-alerts";
import { LimitAuditor } from "./audit-limits";
import { isDrawn } from "./entry-reason";
import { transactionHash } from "./model/hash";
import type { Counted } from "./model/limit-count";
import { principal } from "./model/principal";
import {
  type Alert,
  type Balance,
  type Entry,
  type Grant,
  type Hold,
  type Limit,
  POTS,
  type Policy,
  type Pots,
  type Transaction,
  type Wallet,
  type WalletKey,
} from "./model/types";
import { BALANCE_KINDS, EMPTY_BALANCE, GENESIS_HASH, NO_POTS } from "./model/wallet";
import { allocate } from "./model/waterfall";
import { drawnUseOf } from "./transaction-facts";

/** The invariants, by the numbers that findings carry. */
export const INVARIANTS = {
  1: "a grant's amount is the sum of its pots, none negative; credits issued are all grants' amounts without what moved",
  2: "a pot is the sum of its entries",
  3: "sequences have no gaps; a recorded balance is the balance before with the entries; time does not go back, and what fell due is written",
  4: "a transaction's amount is the total of its entries; the grants that pay are those that the waterfall gives",
  5: "a hold's credits are captured, released or held; no spend is refunded beyond what was spent",
  6: "exactly one alert for each crossing, and none without",
  7: "each transaction's hash covers its content and the hash before it",
  9: "what is used of a member's limit is what the member took in its window and has not got back",
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface AuditFinding {
  readonly invariant: Invariant;
  /** Null for what concerns a whole credit type. */
  readonly key: WalletKey | null;
  readonly message: string;
}

/** All that is stored of a wallet, but for the transactions. */
export interface Stored {
  /** Its `thresholds` are those that stand. */
  readonly wallet: Wallet;
  readonly grants: readonly Grant[];
  readonly holds: readonly Hold[];
  readonly thresholds: readonly ThresholdSpan[];
  readonly alerts: readonly Alert[];
  /** What each limit counts, and what it says is used. */
  readonly limits: readonly (Counted & Limit)[];
  readonly policies: ReadonlyMap<number, Policy>;
}

/** What a hold has come to, by the entries. */
interface HoldAccount {
  readonly draws: Hold["draws"];
  readonly amount: Amount;
  captured: Amount;
  released: Amount;
}

/**
 * The auditor of one wallet: goes through its log from the first transaction on, keeps its own account of grants, holds, spends and
 * alerts, and says wherever what is stored differs. It trusts nothing but the terms, the entries and the rules.
 */
export class Auditor {
  readonly #findings: AuditFinding[] = [];
  /** Every grant as the entries so far have left it. Voided or not is no matter: what is voided has nothing AVAILABLE. */
  readonly #grants: Map<number, Grant>;
  readonly #born = new Map<number, Grant[]>();
  readonly #open = new Set<number>();
  readonly #holds = new Map<number, HoldAccount>();
  readonly #spent = new Map<number, Amount>();
  readonly #refunded = new Map<number, Amount>();
  readonly #alerts: AlertAuditor;
  readonly #limits: LimitAuditor;
  #sequence = 0;
  #hash: Uint8Array = GENESIS_HASH;
  #balance: Balance = EMPTY_BALANCE;
  #effectiveAt: Instant = 0n;

  constructor(private readonly stored: Stored) {
    const { wallet, grants, thresholds, limits } = stored;
    this.#limits = new LimitAuditor(limits, wallet);
    this.#grants = new Map(grants.map((grant) => [grant.number, { ...grant, pots: NO_POTS, voidedAt: null }]));
    for (const grant of grants) {
      const siblings = this.#born.get(grant.createdBy);
      if (siblings) siblings.push(grant);
      else this.#born.set(grant.createdBy, [grant]);
    }
    this.#alerts = new AlertAuditor(wallet, thresholds, grants, (number) => this.#grants.get(number)?.pots.AVAILABLE ?? 0n);
  }

  /** Judges the next transaction of the log. */
  next(transaction: Transaction): void {
    this.#alerts.before(transaction);
    this.#judgePlace(transaction);
    this.#judgeHash(transaction);
    this.#judgeAllocation(transaction);
    for (const entry of transaction.entries) this.#move(transaction, entry);
    this.#judgeAmounts(transaction);
    this.#account(transaction);
    this.#limits.next(transaction);
    this.#alerts.after(transaction, this.#balance);
  }

  /** Judges what is stored beside the log, when that is at its end; answers everything found. */
  end(): readonly AuditFinding[] {
    this.#judgeWallet();
    for (const grant of this.stored.grants) this.#judgeGrant(grant);
    this.#judgeHolds();
    this.#judgeDue();
    for (const [sequence, refunded] of this.#refunded) this.#judgeRefunded(sequence, refunded);
    for (const message of this.#limits.end()) this.#find(9, message);
    for (const message of this.#alerts.end(this.stored.alerts)) this.#find(6, message);
    return this.#findings;
  }

  #find(invariant: Invariant, message: string): void {
    this.#findings.push({ invariant, key: this.stored.wallet.key, message });
  }

  #judgePlace({ sequence, effectiveAt }: Transaction): void {
    if (sequence !== this.#sequence + 1) this.#find(3, `transaction ${sequence} follows ${this.#sequence}`);
    if (effectiveAt < this.#effectiveAt) this.#find(3, `transaction ${sequence} counts earlier than the one before it`);
    this.#sequence = sequence;
    this.#effectiveAt = effectiveAt;
  }

  #judgeHash({ hash, ...content }: Transaction): void {
    const { sequence, previousHash } = content;
    if (!sameBytes(previousHash, this.#hash)) this.#find(7, `transaction ${sequence} does not link to the one before it`);
    const born = (this.#born.get(sequence) ?? []).toSorted((a, b) => a.number - b.number);
    if (!sameBytes(hash, transactionHash(content, born))) this.#find(7, `transaction ${sequence} is not what its hash covers`);
    this.#hash = hash;
  }

  /** Whatever is drawn by the waterfall: exactly what that gives on the state before it. */
  #judgeAllocation(transaction: Transaction): void {
    const { sequence, policy: version, effectiveAt } = transaction;
    const drawn = drawnUseOf(transaction);
    if (!drawn) return;
    const policy = this.stored.policies.get(version);
    if (!policy) {
      this.#find(4, `transaction ${sequence} names policy ${version}, which does not exist`);
      return;
    }
    const open = [...this.#open].map((number) => this.#grants.get(number) as Grant);
    const { draws, shortfall } = allocate(open, policy, effectiveAt, drawn.use, drawn.amount);
    const entries = transaction.entries.filter((entry) => isDrawn(transaction, entry));
    const same = draws.every(({ grant, amount: paid, before }, index) => {
      const entry = entries[index];
      return entry?.grant === grant.number && entry.amount === paid && entry.before === before;
    });
    if (!same || shortfall !== 0n || draws.length !== entries.length) {
      this.#find(4, `transaction ${sequence} was not paid as the waterfall has it`);
    }
  }

  #move({ sequence, effectiveAt }: Transaction, { grant: number, from, to, amount }: Entry): void {
    const grant = this.#grants.get(number);
    if (!grant) {
      this.#find(2, `transaction ${sequence} moves credits of grant ${number}, which does not exist`);
      return;
    }
    if (to === "EXPIRED" && !(grant.expiresAt !== null && grant.expiresAt <= effectiveAt))
      this.#find(3, `transaction ${sequence} lets credits of grant ${number} expire before their time`);
    const pots = { ...grant.pots, [to]: grant.pots[to] + amount };
    if (from !== "ISSUED") {
      pots[from] -= amount;
      this.#balance = counted(this.#balance, grant, from, -amount);
      if (pots[from] < 0n) this.#find(1, `transaction ${sequence} takes more ${from} from grant ${number} than there is`);
    }
    this.#balance = counted(this.#balance, grant, to, amount);
    this.#grants.set(number, { ...grant, pots });
    if (pots.AVAILABLE > 0n) this.#open.add(number);
    else this.#open.delete(number);
  }

  #judgeAmounts({ sequence, type, amount, balance, entries }: Transaction): void {
    if (principal(type, entries) !== amount) this.#find(4, `transaction ${sequence} is not of the amount of its entries`);
    if (!sameBalance(balance, this.#balance)) this.#find(3, `transaction ${sequence} records another balance than it left`);
  }

  #account({ type, sequence, relatesTo, amount, entries }: Transaction): void {
    if (type === "SPEND" || type === "CAPTURE") this.#spent.set(sequence, amount);
    if (type === "REFUND" && relatesTo !== null) this.#refunded.set(relatesTo, (this.#refunded.get(relatesTo) ?? 0n) + amount);
    if (type === "HOLD" && relatesTo === null) {
      const draws = entries.map(({ grant, amount: drawn }) => ({ grant, amount: drawn }));
      this.#holds.set(sequence, { draws, amount, captured: 0n, released: 0n });
    }
    const hold = relatesTo === null ? undefined : this.#holds.get(relatesTo);
    if (!hold || (type !== "CAPTURE" && type !== "RELEASE")) return;
    for (const entry of entries) {
      if (entry.from !== "HELD") continue;
      if (entry.to === "CONSUMED") hold.captured += entry.amount;
      else hold.released += entry.amount;
    }
  }

  #judgeWallet(): void {
    const { wallet, grants } = this.stored;
    if (wallet.sequence !== this.#sequence)
      this.#find(3, `the log ends at ${this.#sequence}, the wallet is at ${wallet.sequence}`);
    if (!sameBalance(wallet.balance, this.#balance)) this.#find(3, "the wallet has another balance than its log");
    if (wallet.grantCount !== grants.length) this.#find(3, `${grants.length} grants are stored, ${wallet.grantCount} counted`);
    if (wallet.clockAt < this.#effectiveAt) this.#find(3, "the wallet's time is before its last transaction");
    if (!sameBytes(wallet.hash, this.#hash)) this.#find(7, "the wallet's hash is not its last transaction's");
  }

  #judgeGrant({ number, amount, pots, voidedAt, repaid }: Grant): void {
    const entered = this.#grants.get(number)?.pots as Pots;
    if (POTS.some((pot) => pots[pot] < 0n)) this.#find(1, `grant ${number} has a negative pot`);
    if (POTS.reduce((sum, pot) => sum + pots[pot], 0n) !== amount) this.#find(1, `grant ${number} is not the sum of its pots`);
    for (const pot of POTS) {
      if (pots[pot] !== entered[pot]) this.#find(2, `${pot} of grant ${number} is ${pots[pot]}, by its entries ${entered[pot]}`);
    }
    if (voidedAt !== null && pots.AVAILABLE + pots.PENDING > 0n)
      this.#find(1, `grant ${number} is voided but has credits to give`);
    if (repaid < 0n || repaid > pots.CONSUMED) this.#find(1, `grant ${number} has repaid more than was consumed of it`);
  }

  #judgeHolds(): void {
    const stored = new Map(this.stored.holds.map((hold) => [hold.sequence, hold]));
    for (const [sequence, account] of this.#holds) {
      const hold = stored.get(sequence);
      if (!hold) this.#find(5, `hold ${sequence} stands in the log only`);
      else if (!accountsFor(hold, account)) this.#find(5, `hold ${sequence} is not what its log says`);
    }
    for (const { sequence } of this.stored.holds)
      if (!this.#holds.has(sequence)) this.#find(5, `hold ${sequence} is not in the log`);
  }

  /** What fell due up to the wallet's time is in the log. */
  #judgeDue(): void {
    const { clockAt } = this.stored.wallet;
    for (const { number, pots, effectiveAt, expiresAt } of this.#grants.values()) {
      if (pots.PENDING > 0n && effectiveAt <= clockAt) this.#find(3, `grant ${number} should have become effective`);
      if (pots.AVAILABLE > 0n && expiresAt !== null && expiresAt <= clockAt) this.#find(3, `grant ${number} should have expired`);
    }
    for (const { sequence, status, expiresAt } of this.stored.holds)
      if (status === "OPEN" && expiresAt <= clockAt) this.#find(3, `hold ${sequence} should have expired`);
  }

  #judgeRefunded(sequence: number, refunded: Amount): void {
    const spent = this.#spent.get(sequence);
    if (spent === undefined) this.#find(5, `transaction ${sequence} was refunded but is no spend`);
    else if (refunded > spent) this.#find(5, `of transaction ${sequence}, ${refunded} of ${spent} were refunded`);
  }
}

function accountsFor({ amount, captured, released, status, draws }: Hold, account: HoldAccount): boolean {
  const held = account.amount - account.captured - account.released;
  const drawn = draws.length === account.draws.length;
  return (
    amount === account.amount &&
    captured === account.captured &&
    released === account.released &&
    // Of nothing, there is nothing held while it is open.
    (account.amount === 0n || (status === "OPEN") === held > 0n) &&
    drawn &&
    draws.every((draw, index) => draw.grant === account.draws[index]?.grant && draw.amount === account.draws[index]?.amount)
  );
}

/** A balance after credits of a grant came into a pot, or left it. */
function counted(balance: Balance, grant: Grant, pot: Entry["to"], amount: Amount): Balance {
  if (pot === "PENDING") return { ...balance, pending: balance.pending + amount };
  if (pot === "HELD") return { ...balance, held: balance.held + amount };
  const owed = grant.kind === "OVERDRAFT";
  if (pot === "CONSUMED" && owed) return { ...balance, debt: balance.debt + amount };
  if (pot !== "AVAILABLE") return balance;
  if (owed) return { ...balance, overdraft: balance.overdraft + amount };
  const byKind = balance.byKind.map((sum, index) => (BALANCE_KINDS[index] === grant.kind ? sum + amount : sum));
  return { ...balance, available: balance.available + amount, byKind };
}

function sameBalance(a: Balance, b: Balance): boolean {
  return (
    a.available === b.available &&
    a.held === b.held &&
    a.pending === b.pending &&
    a.debt === b.debt &&
    a.overdraft === b.overdraft &&
    a.byKind.length === b.byKind.length &&
    a.byKind.every((amount, index) => amount === b.byKind[index])
  );
}
