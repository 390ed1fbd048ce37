import { ID, Int, ObjectType } from "type-graphql";
import { formatAmount } from "../../core/amount";
import type { Instant } from "../../core/time";
import { readUse } from "../../core/use-text";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Node } from "../../platform/graphql/node";
import { AmountScalar, DateTimeScalar, DecimalScalar, JsonObjectScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { entryId, numberedId } from "../ids";
import type { Entry, Transaction, Wallet } from "../model/types";
import type { ShownKey } from "../units";
import { BalanceView } from "./balance.types";
import { PotEnum, TransactionTypeEnum } from "./enums.types";

@Access(...EVERYONE)
@ObjectType("Quantity", { simpleResolvers: true, description: "How much of something was used." })
export class QuantityView {
  @Shown(() => String, "What is counted.")
  readonly dimension!: string;

  @Shown(() => DecimalScalar, "How much.")
  readonly quantity!: string;
}

/** A transaction as the API shows it. `known`: a wallet value at hand that the grants it touched can be taken from. */
@Access(...EVERYONE)
@ObjectType("Transaction", {
  implements: Node,
  simpleResolvers: true,
  description: "One business event on one wallet. Never changed, never deleted; numbered within the wallet without gaps.",
})
export class TransactionView implements Node {
  constructor(
    readonly key: ShownKey,
    readonly transaction: Transaction,
    readonly now: Instant,
    readonly known: Wallet | null = null,
  ) {}

  get id(): string {
    return numberedId("transaction", this.key, this.transaction.sequence);
  }

  @Shown(() => String, "Its number within the wallet: 1, 2, 3, ... A decimal string.")
  get sequence(): string {
    return String(this.transaction.sequence);
  }

  @Shown(() => TransactionTypeEnum, "What sort of event it is.")
  get type() {
    return this.transaction.type;
  }

  @Shown(() => AmountScalar, "How many credits it is about: given, used, set aside, ... Negative for an ADJUST that took away.")
  get amount() {
    return this.key.unit.show(this.transaction.amount);
  }

  @Shown(() => BalanceView, "The wallet's balance after it.")
  get balanceAfter(): BalanceView {
    return new BalanceView(this.transaction.balance, this.key.unit);
  }

  @Shown(() => [EntryView], "How its credits moved, grant by grant, in order.")
  get entries(): readonly EntryView[] {
    return this.transaction.entries.map(
      (entry, index) => new EntryView(this.key, entry, index + 1, this.transaction.sequence, this),
    );
  }

  @Shown(() => String, "The operation that the credits were used for.", { nullable: true })
  get operation() {
    return this.transaction.operation;
  }

  @Shown(
    () => String,
    "How much of the operation was used, and with which surcharges, in one line: `input=1200 output=340 +search.web`.",
    { nullable: true },
  )
  get quantity() {
    return this.transaction.quantity;
  }

  @Shown(() => [QuantityView], "How much of the operation was used, by what is counted.")
  get quantities(): readonly QuantityView[] {
    const { quantities } = readUse(this.transaction.quantity);
    return [...quantities].map(([dimension, quantity]) => ({ dimension, quantity: formatAmount(quantity) }));
  }

  @Shown(() => [String], "The surcharges that were asked for.")
  get surcharges(): readonly string[] {
    return readUse(this.transaction.quantity).surcharges;
  }

  @Shown(() => ID, "The app that used the credits.", { nullable: true })
  get app() {
    return this.transaction.app;
  }

  @Shown(() => String, "Who asked for it; `system` for what time alone did.")
  get actor() {
    return this.transaction.actor;
  }

  @Shown(() => String, "What the caller said of it.", { nullable: true })
  get description() {
    return this.transaction.description;
  }

  @Shown(() => JsonObjectScalar, "What the caller attached to it.", { nullable: true })
  get metadata() {
    return this.transaction.metadata;
  }

  @Shown(
    () => String,
    "The key that it was asked for under; null for what time alone did, and for the receiving side of a transfer.",
    {
      nullable: true,
    },
  )
  get idempotencyKey() {
    return this.transaction.idempotencyKey;
  }

  @Shown(() => Int, "The version of the consumption policy that was in force.")
  get policyVersion() {
    return this.transaction.policy;
  }

  @Shown(
    () => DateTimeScalar,
    "When it counts: when it was asked for, or the instant at which it fell due. Never decreases along the log.",
  )
  get effectiveAt() {
    return this.transaction.effectiveAt;
  }

  @Shown(() => DateTimeScalar, "When it was written.")
  get recordedAt() {
    return this.transaction.recordedAt;
  }

  @Shown(() => DateTimeScalar, "When the use happened, as the caller says; null: not said.", { nullable: true })
  get occurredAt() {
    return this.transaction.occurredAt;
  }

  @Shown(
    () => String,
    "SHA-256 over the hash before, this transaction with its entries, and the grants it made: 64 hexadecimal digits.",
  )
  get hash(): string {
    return hex(this.transaction.hash);
  }

  @Shown(() => String, "The hash of the wallet's transaction before this one: 64 hexadecimal digits, zeros for the first.")
  get previousHash(): string {
    return hex(this.transaction.previousHash);
  }
}

/** An entry, with its place in the log. `within`: the transaction, when it is at hand. */
@Access(...EVERYONE)
@ObjectType("Entry", {
  implements: Node,
  simpleResolvers: true,
  description: "A move of credits of one grant from one pot to another, inside a transaction.",
})
export class EntryView implements Node {
  constructor(
    readonly key: ShownKey,
    readonly entry: Entry,
    readonly position: number,
    readonly sequence: number,
    readonly within: TransactionView | null,
  ) {}

  get id(): string {
    return entryId(this.key, this.sequence, this.position);
  }

  @Shown(() => PotEnum, "Where the credits were.")
  get from() {
    return this.entry.from;
  }

  @Shown(() => PotEnum, "Where they are after it.")
  get to() {
    return this.entry.to;
  }

  @Shown(() => AmountScalar, "How many credits moved; always positive.")
  get amount() {
    return this.key.unit.show(this.entry.amount);
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
