import { inspect } from "node:util";
import { maximum } from "../../../src/core/amount";
import { type Instant, parseInstant } from "../../../src/core/time";
import { parseNumberedId } from "../../../src/wallet/ids";
import type { Policy, Transaction, Wallet, WalletKey } from "../../../src/wallet/model/types";
import { holds, same } from "../../support/auditor/expect";
import type { Keeping, LoggedTransaction, PolicySpan, Sent, ShownAlert, ShownTransaction } from "./answers";
import type { Conversation } from "./conversation";
import { Ledger, perform, sameKey } from "./ledger";
import type { ReadBack } from "./read-back";
import { SKEW } from "./real-time";
import { showThreshold, showTransaction } from "./shown";

/** The first use of an idempotency key. */
export interface Use {
  readonly place: number;
  readonly sent: Sent;
  readonly transaction: Transaction;
}

/**
 * The log that the servers wrote, done again by the pure core: each command when and after what the log says that it was decided, each
 * catch-up when it was recorded. Throws at the first difference: of a transaction, to its hash.
 */
export class Replay {
  readonly ledgers: readonly Ledger[];
  /** Who was first answered with a transaction, by its id. */
  readonly #makers: ReadonlyMap<string, Sent>;
  readonly policies: ReadonlyMap<number, Policy>;
  readonly #spans: readonly PolicySpan[];
  /** What is still to be set and removed in each wallet. */
  readonly #keepings: readonly Keeping[][];
  readonly #made = new Set<string>();
  readonly #uses = new Map<string, Use>();

  constructor(
    conversation: Conversation,
    private readonly read: readonly ReadBack[],
  ) {
    this.ledgers = conversation.opened.map((opened) => new Ledger(opened));
    this.policies = conversation.policies;
    this.#spans = conversation.spans;
    this.#keepings = this.ledgers.map((_, place) => conversation.keepings.filter((keeping) => keeping.place === place));
    const made = conversation.sent.filter(({ answer }) => answer.transaction !== null && !answer.replayed);
    this.#makers = new Map(made.map((sent) => [sent.answer.transaction?.id ?? "", sent]));
    same(this.#makers.size, made.length, "how many transactions were answered as new, each once");
  }

  run(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const place of this.ledgers.keys()) while (this.#step(place)) moved = true;
    }
    this.ledgers.forEach(({ wallet }, place) => {
      this.#underPolicy(place, this.#inForce(place, null));
      same(wallet.sequence, this.#logAt(place).length, `how far the log of wallet ${place} could be done again`);
      same(this.#keepings[place], [], `thresholds that could not be set in wallet ${place}`);
    });
    same(this.#made, new Set(this.#makers.keys()), "the transactions in the log, and those that were answered");
  }

  policyOf(version: number): Policy {
    const policy = this.policies.get(version);
    holds(policy, `policy ${version} is one that was set`);
    return policy;
  }

  at(place: number): Ledger {
    return this.ledgers[place] as Ledger;
  }

  placeOf(key: WalletKey): number {
    return this.ledgers.findIndex(({ wallet }) => sameKey(wallet.key, key));
  }

  /** The states of a wallet at a sequence, in their order; throws when an answer cannot have seen it. */
  statesAt(place: number, sequence: number): readonly Wallet[] {
    const states = this.at(place).states.get(sequence);
    holds(states, `a wallet can be seen at ${sequence}`);
    return states;
  }

  /** All from a sequence on up to an instant. */
  statesSince(place: number, sequence: number, until: Instant): readonly Wallet[] {
    const { states, transactions } = this.at(place);
    return [...states].flatMap(([at, some]) => {
      const isSeen = at === sequence || (at > sequence && (transactions[at - 1] as Transaction).recordedAt <= until);
      return isSeen ? some : [];
    });
  }

  /** The first use of a key in the account that a wallet belongs to. */
  useOf(place: number, idempotencyKey: string): Use | undefined {
    return this.#uses.get(this.#nameOf(place, idempotencyKey));
  }

  #use(use: Use): void {
    const name = this.#nameOf(use.place, use.sent.command.idempotencyKey);
    holds(!this.#uses.has(name), "a key is used once");
    this.#uses.set(name, use);
  }

  #nameOf(place: number, idempotencyKey: string): string {
    return `${this.at(place).wallet.key.accountId}/${idempotencyKey}`;
  }

  /** The next thing that happened in a wallet; false when there is none, or it waits for another wallet. */
  #step(place: number): boolean {
    this.#keep(place);
    const next = this.#logAt(place)[this.at(place).wallet.sequence];
    const notice = this.#noticeAt(place);
    if (notice) return this.#catchUp(place, notice, next);
    if (!next) return false;
    if (next.idempotencyKey !== null) return this.#command(place, next);
    // What a wallet receives is done with what the other one gives.
    return next.counterpart === null && this.#catchUp(place, next, next);
  }

  /** Does what fell due until something that is in the log was recorded, under the policy of what was recorded with it. */
  #catchUp(place: number, logged: ShownTransaction | ShownAlert, next: LoggedTransaction | undefined): boolean {
    const { id, recordedAt, effectiveAt } = logged;
    const { wallet: before } = this.at(place);
    if (next?.recordedAt === recordedAt) this.#underPolicy(place, next.policyVersion);
    this.at(place).catchUp(maximum(instantOf(recordedAt), instantOf(effectiveAt)));
    const { wallet: after } = this.at(place);
    holds(after.sequence + after.alertCount > before.sequence + before.alertCount, `something had fallen due for ${id}`);
    for (const one of this.#logAt(place).slice(before.sequence, after.sequence)) this.#compare(place, one);
    return true;
  }

  #command(place: number, next: LoggedTransaction): boolean {
    const sent = this.#makers.get(next.id);
    holds(sent, `somebody was answered with ${next.id} as new`);
    const other = next.counterpart && parseNumberedId("transaction", next.counterpart.id);
    const across = other ? this.placeOf(other.key) : null;
    const receiver = across === null ? null : this.at(across);
    if (across !== null && !this.#isReady(across, other?.number ?? 0)) return false;
    for (const side of across === null ? [place] : [place, across]) {
      this.#underPolicy(side, this.#inForce(side, sent));
      this.#await(next, side, sent.answeredAt);
    }
    const recordedAt = instantOf(next.recordedAt);
    const outcome = perform(this.at(place), receiver, sent.command, recordedAt);
    if (outcome.refused) throw new Error(`the model refuses ${next.id}: ${inspect(outcome.refusal)}`);
    this.#made.add(next.id);
    this.#use({ place, sent, transaction: outcome.transaction });
    this.#compare(place, next);
    if (across !== null) this.#compare(across, this.#logAt(across)[(other?.number ?? 0) - 1] as LoggedTransaction);
    return true;
  }

  /** Whether the receiver of a transfer has done all that came before it. */
  #isReady(place: number, sequence: number): boolean {
    if (this.at(place).wallet.sequence + 1 !== sequence || this.#noticeAt(place)) return false;
    this.#keep(place);
    return true;
  }

  /**
   * A wallet's time may have gone on without a trace in the log: somebody has looked whether something is due, and the next command had
   * waited for that, or was decided by a clock that is behind. Then what it does counts from there.
   */
  #await({ effectiveAt, recordedAt }: LoggedTransaction, place: number, answeredAt: Instant): void {
    const at = instantOf(effectiveAt);
    const { sequence, clockAt } = this.at(place).wallet;
    if (at <= clockAt || at <= instantOf(recordedAt) || at > answeredAt + SKEW) return;
    this.at(place).catchUp(at);
    same(this.at(place).wallet.sequence, sequence, `what had fallen due until ${effectiveAt} is in the log before`);
  }

  #compare(place: number, logged: LoggedTransaction): void {
    const { wallet, transactions } = this.at(place);
    const made = transactions[Number(logged.sequence) - 1];
    holds(made, `there is a transaction ${logged.id}`);
    same(logged, showTransaction(made, wallet, this.policies), `transaction ${logged.id}, and the model's`);
  }

  /** Sets and removes the thresholds that were set and removed when the wallet was as far as it is now. */
  #keep(place: number): void {
    const ledger = this.at(place);
    const waiting = this.#keepings[place] as Keeping[];
    while (Number(waiting[0]?.answer.wallet?.sequence) === ledger.wallet.sequence) {
      const { set, remove, answer, known } = waiting.shift() as Keeping;
      holds(ledger.wallet.sequence >= (known[place] as number), "a threshold is set after all that was answered before");
      const threshold = set !== null ? ledger.setThreshold(set) : ledger.removeThreshold(remove as number);
      same(answer.threshold, threshold && showThreshold(threshold, ledger.wallet), "a threshold that was set or removed");
    }
  }

  #noticeAt(place: number): ShownAlert | undefined {
    const { alertCount, sequence } = this.at(place).wallet;
    const next = this.read[place]?.alerts[alertCount];
    return next?.type === "EXPIRING_SOON" && Number(next.sequence) === sequence ? next : undefined;
  }

  #underPolicy(place: number, version: number): void {
    this.at(place).setPolicy(this.policyOf(version));
  }

  /** Policies are set between commands: so it is known which one each command was decided under. Null: in the end. */
  #inForce(place: number, sent: Sent | null): number {
    const isBefore = (span: PolicySpan) => span.place === place && (sent === null || span.from < sent.sentAt);
    return (this.#spans.findLast(isBefore) as PolicySpan).version;
  }

  #logAt(place: number): readonly LoggedTransaction[] {
    return (this.read[place] as ReadBack).transactions;
  }
}

function instantOf(text: string): Instant {
  return parseInstant(text) as Instant;
}
