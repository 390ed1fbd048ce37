import { ID, Int, ObjectType } from "type-graphql";
import type { Instant } from "../../core/time";
import type { ShownAmount, Unit } from "../../core/unit";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { MoneyView } from "../../platform/graphql/money";
import { Node } from "../../platform/graphql/node";
import { AmountScalar, DateTimeScalar, DurationScalar, JsonObjectScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { numberedId } from "../ids";
import type { Grant, Rollover, Scope, Wallet } from "../model/types";
import { type GrantStatus, grantStatus } from "../status";
import type { ShownKey } from "../units";
import { GrantKindEnum, GrantStatusEnum } from "./enums.types";

@Access(...EVERYONE)
@ObjectType("Scope", { simpleResolvers: true, description: "What a grant may be used for. An empty list admits anything." })
export class ScopeView implements Scope {
  @Shown(() => [String], "Operations that it admits; a trailing `*` matches a prefix, as in `image.*`.")
  readonly operations!: readonly string[];

  @Shown(() => [ID], "Apps that it admits; a trailing `*` matches a prefix.")
  readonly apps!: readonly string[];
}

@Access(...EVERYONE)
@ObjectType("Rollover", { simpleResolvers: true, description: "What is kept of a grant when it expires." })
export class RolloverView implements Omit<Rollover, "maximum" | "until"> {
  @Shown(() => Int, "How much of what is left then, in percent (0-100); rounded down to a millionth of a credit.")
  readonly percent!: number;

  @Shown(() => AmountScalar, "The most that is kept, in credits; null: no limit.", { nullable: true })
  readonly maximum!: ShownAmount | null;

  @Shown(() => DurationScalar, "The period that the kept credits live on for, by the calendar of the account's time zone.")
  readonly period!: string;

  @Shown(() => Int, "How many such periods they live on.")
  readonly periods!: number;

  @Shown(() => DateTimeScalar, "When the last of them ends, where they are a plan's own; null: counted from the grant's end.", {
    nullable: true,
  })
  readonly until!: Instant | null;
}

export function showRollover(rollover: Rollover, unit: Unit): RolloverView {
  return { ...rollover, maximum: unit.showMaybe(rollover.maximum), until: rollover.until ?? null };
}

/** A grant as the API shows it at an instant. `known`: a wallet value at hand that what it leads to can be taken from. */
@Access(...EVERYONE)
@ObjectType("Grant", {
  implements: Node,
  simpleResolvers: true,
  description: "A dated, prioritized lot of credits in a wallet. Its terms never change; its credits move from pot to pot.",
})
export class GrantView implements Node {
  constructor(
    readonly key: ShownKey,
    readonly grant: Grant,
    readonly now: Instant,
    readonly known: Wallet | null = null,
  ) {}

  get id(): string {
    return numberedId("grant", this.key, this.grant.number);
  }

  @Shown(() => GrantKindEnum, "What sort of credits these are.")
  get kind() {
    return this.grant.kind;
  }

  @Shown(() => Int, "0-255; the smaller pays first.")
  get priority() {
    return this.grant.priority;
  }

  @Shown(() => AmountScalar, "All credits that it was given; always the sum of its pots.")
  get amount() {
    return this.key.unit.show(this.grant.amount);
  }

  @Shown(() => AmountScalar, "Credits that are not yet effective.")
  get pending() {
    return this.key.unit.show(this.grant.pots.PENDING);
  }

  @Shown(() => AmountScalar, "Credits that can be spent.")
  get available() {
    return this.key.unit.show(this.grant.pots.AVAILABLE);
  }

  @Shown(() => AmountScalar, "Credits set aside by holds.")
  get held() {
    return this.key.unit.show(this.grant.pots.HELD);
  }

  @Shown(() => AmountScalar, "Credits spent, or used to repay debt; of an OVERDRAFT grant: owed.")
  get consumed() {
    return this.key.unit.show(this.grant.pots.CONSUMED);
  }

  @Shown(() => AmountScalar, "Credits that were left when it expired.")
  get expired() {
    return this.key.unit.show(this.grant.pots.EXPIRED);
  }

  @Shown(() => AmountScalar, "Credits withdrawn by the operator.")
  get voided() {
    return this.key.unit.show(this.grant.pots.VOIDED);
  }

  @Shown(() => AmountScalar, "Credits that are in another grant now: rolled over, given away, or refunded past expiry.")
  get moved() {
    return this.key.unit.show(this.grant.pots.MOVED);
  }

  @Shown(() => AmountScalar, "The part of what is consumed that repaid debt, in credits.")
  get repaid() {
    return this.key.unit.show(this.grant.repaid);
  }

  @Shown(() => DateTimeScalar, "The first instant at which it is alive.")
  get effectiveAt() {
    return this.grant.effectiveAt;
  }

  @Shown(() => DateTimeScalar, "The first instant at which it is no longer alive; null: it never expires.", { nullable: true })
  get expiresAt() {
    return this.grant.expiresAt;
  }

  @Shown(() => GrantStatusEnum, "What has become of it, as of this answer.")
  get status(): GrantStatus {
    return grantStatus(this.grant, this.now);
  }

  @Shown(() => ScopeView, "What it may be used for.")
  get scope() {
    return this.grant.scope;
  }

  @Shown(() => MoneyView, "What its buyer paid for the whole of it; null: nothing, or unknown.", { nullable: true })
  get costBasis() {
    return this.grant.costBasis;
  }

  @Shown(() => RolloverView, "What is kept of it when it expires; null: nothing.", { nullable: true })
  get rollover(): RolloverView | null {
    const { rollover } = this.grant;
    return rollover && showRollover(rollover, this.key.unit);
  }

  @Shown(() => Boolean, "Whether it pays off the wallet's debt as soon as it is available.")
  get repaysDebt() {
    return this.grant.repaysDebt;
  }

  @Shown(() => String, "Where the credits come from, in the operator's words.", { nullable: true })
  get source() {
    return this.grant.source;
  }

  @Shown(() => JsonObjectScalar, "What the operator attached to it.", { nullable: true })
  get metadata() {
    return this.grant.metadata;
  }

  @Shown(() => DateTimeScalar, "When it was made.")
  get createdAt() {
    return this.grant.createdAt;
  }

  @Shown(() => DateTimeScalar, "When it was withdrawn; null: it was not.", { nullable: true })
  get voidedAt() {
    return this.grant.voidedAt;
  }
}
