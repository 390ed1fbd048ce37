import type { Amount } from "../../core/amount";
import { assert } from "../../core/assert";
import type { Refused } from "../../core/refusal";
import type { Instant } from "../../core/time";
import { judge } from "./alerts";
import type { WalletRefusal } from "./commands";
import { type Changeable, type ChangeableBalance, copyOfBalance, copyOfGrant, copyOfPots, copyOfWallet } from "./copies";
import { transactionHash } from "./hash";
import { givenBack, taken } from "./limits";
import { principal } from "./principal";
import type {
  Alert,
  Balance,
  Context,
  Entry,
  Grant,
  GrantTerms,
  Hold,
  Member,
  Pot,
  Source,
  Spent,
  Transaction,
  TransactionType,
  Wallet,
} from "./types";
import { BALANCE_KINDS, indexOfGrant, NO_POTS } from "./wallet";
import type { Use } from "./waterfall";
import { allocate } from "./waterfall";

/** What a transaction says of itself beside its entries. */
export interface Facts {
  readonly type: TransactionType;
  readonly operation?: string | null;
  readonly quantity?: string | null;
  readonly priced?: Transaction["priced"];
  readonly app?: string | null;
  readonly member?: number | null;
  readonly relatesTo?: number | null;
  readonly occurredAt?: Instant | null;
  readonly counterpart?: Transaction["counterpart"];
}

/** What a command's rule answers: what its transaction says of itself, or why there is none. */
export type Attempt = (Facts & { readonly refused?: never }) | Refused<WalletRefusal>;

/** Who asked, under which key. */
export interface Request extends Context {
  readonly idempotencyKey: string | null;
  readonly fingerprint: Uint8Array | null;
}

export interface Written {
  readonly wallet: Wallet;
  readonly transaction: Transaction;
  readonly alerts: readonly Alert[];
}

/**
 * One transaction in the making: a working copy of a wallet, and the entries so far. Every credit that moves, moves through `move`,
 * which keeps pots, balance and entries in step. A draft that is not written leaves no trace: the wallet that it began from is not touched.
 */
export class Draft {
  readonly entries: Entry[] = [];
  readonly born: Grant[] = [];
  #grants: Grant[];
  #holds: readonly Hold[];
  #spents: readonly Spent[];
  #members: readonly Member[];
  #balance: ChangeableBalance;

  constructor(
    readonly wallet: Wallet,
    /** The instant at which it counts. */
    readonly now: Instant,
  ) {
    this.#grants = wallet.grants.slice();
    this.#holds = wallet.holds;
    this.#spents = wallet.spents;
    this.#members = wallet.members;
    this.#balance = copyOfBalance(wallet.balance);
  }

  get grants(): readonly Grant[] {
    return this.#grants;
  }

  get balance(): Balance {
    return this.#balance;
  }

  /** The sequence that the transaction will have. */
  get sequence(): number {
    return this.wallet.sequence + 1;
  }

  grant(number: number): Grant | undefined {
    return this.#grants[indexOfGrant(this.#grants, number)];
  }

  hold(sequence: number): Hold | undefined {
    return this.#holds.find((hold) => hold.sequence === sequence);
  }

  spent(sequence: number): Spent | undefined {
    return this.#spents.find((spent) => spent.sequence === sequence);
  }

  member(number: number): Member {
    const member = this.#members.find((one) => one.number === number);
    assert(member, `member ${number} is loaded`);
    return member;
  }

  /** Makes a grant with all its credits still outside; `move` from ISSUED brings them in. */
  issue(terms: GrantTerms, origin: Grant["origin"] = null, voidedAt: Instant | null = null): Grant {
    const number = this.wallet.grantCount + this.born.length + 1;
    const { sequence: createdBy, now: createdAt } = this;
    const grant: Grant = { ...terms, number, createdBy, createdAt, origin, pots: NO_POTS, voidedAt, repaid: 0n };
    this.#grants.push(grant);
    this.born.push(grant);
    return grant;
  }

  /** Moves credits of a grant from one pot to another; nothing happens for zero. Never more than there is. */
  move(number: number, from: Source, to: Pot, amount: Amount, before: number | null = null): void {
    if (amount === 0n) return;
    const grant = this.#require(number);
    const pots = copyOfPots(grant.pots);
    pots[to] += amount;
    if (from !== "ISSUED") pots[from] -= amount;
    assert(amount > 0n && (from === "ISSUED" || pots[from] >= 0n), `grant ${number} has ${amount} in ${from}`);
    this.change(number, { pots });
    this.entries.push({ grant: number, from, to, amount, before });
    if (from !== "ISSUED") this.#count(grant, from, -amount);
    this.#count(grant, to, amount);
  }

  /** Moves what the waterfall gives for a use, and answers the shortfall. */
  draw(use: Use, amount: Amount, to: (grant: Grant) => Pot): Amount {
    const { draws, shortfall } = allocate(this.#grants, this.wallet.policy, this.now, use, amount);
    for (const { grant, amount: paid, before } of draws) this.move(grant.number, "AVAILABLE", to(grant), paid, before);
    return shortfall;
  }

  change(number: number, state: Partial<Pick<Grant, "pots" | "voidedAt" | "repaid">>): void {
    this.#grants[indexOfGrant(this.#grants, number)] = Object.assign(copyOfGrant(this.#require(number)), state);
  }

  putHold(hold: Hold): void {
    const index = this.#holds.findIndex((other) => other.sequence === hold.sequence);
    // A new one has the largest sequence.
    this.#holds = index < 0 ? [...this.#holds, hold] : this.#holds.with(index, hold);
  }

  putSpent(spent: Spent): void {
    this.#spents = this.#spents.map((other) => (other.sequence === spent.sequence ? spent : other));
  }

  /** Counts what a member took against its limits. */
  count(number: number | null, operation: string | null, amount: Amount): void {
    if (number === null) return;
    this.#putMember(taken(this.member(number), operation, amount, this.now, this.wallet.timeZone));
  }

  /** Makes room again for what a member took at an instant and does not have any more. */
  uncount(number: number | null, operation: string | null, amount: Amount, takenAt: Instant): void {
    if (number === null) return;
    this.#putMember(givenBack(this.member(number), operation, amount, takenAt));
  }

  /** Ends the draft: numbers the transaction, links its hash, judges the alerts. */
  write(facts: Facts, request: Request, recordedAt: Instant): Written {
    const { wallet, now, sequence, entries } = this;
    const balance: Balance = this.#balance;
    const transaction: Changeable<Transaction> = {
      sequence,
      type: facts.type,
      amount: principal(facts.type, entries),
      balance,
      entries,
      operation: facts.operation ?? null,
      quantity: facts.quantity ?? null,
      priced: facts.priced ?? null,
      app: facts.app ?? null,
      member: facts.member ?? null,
      actor: request.actor,
      description: request.description,
      metadata: request.metadata,
      idempotencyKey: request.idempotencyKey,
      fingerprint: request.fingerprint,
      relatesTo: facts.relatesTo ?? null,
      counterpart: facts.counterpart ?? null,
      policy: wallet.policy.version,
      effectiveAt: now,
      recordedAt,
      occurredAt: facts.occurredAt ?? null,
      previousHash: wallet.hash,
      // Covers all of the above.
      hash: wallet.hash,
    };
    transaction.hash = transactionHash(transaction, this.born);
    const after = copyOfWallet(wallet);
    after.sequence = sequence;
    after.clockAt = now;
    after.hash = transaction.hash;
    after.grantCount += this.born.length;
    after.balance = balance;
    after.grants = this.#grants;
    after.holds = this.#holds;
    after.spents = this.#spents;
    after.members = this.#members;
    return { transaction, ...judge(after, now) };
  }

  #putMember(member: Member): void {
    this.#members = this.#members.map((other) => (other.number === member.number ? member : other));
  }

  #require(number: number): Grant {
    const grant = this.grant(number);
    assert(grant, `grant ${number} is loaded`);
    return grant;
  }

  #count(grant: Grant, pot: Pot, amount: Amount): void {
    const balance = this.#balance;
    if (pot === "PENDING") balance.pending += amount;
    if (pot === "HELD") balance.held += amount;
    if (grant.kind === "OVERDRAFT") {
      if (pot === "AVAILABLE") balance.overdraft += amount;
      if (pot === "CONSUMED") balance.debt += amount;
    } else if (pot === "AVAILABLE") {
      const kind = BALANCE_KINDS.indexOf(grant.kind);
      balance.available += amount;
      balance.byKind[kind] = (balance.byKind[kind] as Amount) + amount;
    }
  }
}
