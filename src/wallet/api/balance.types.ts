import { ObjectType } from "type-graphql";
import type { Amount } from "../../core/amount";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { AmountScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import type { Balance, GrantKind } from "../model/types";
import { BALANCE_KINDS, spendableOf } from "../model/wallet";
import { GrantKindEnum } from "./enums.types";

@Access(...EVERYONE)
@ObjectType("KindBalance", { simpleResolvers: true, description: "What is available of one kind of grant." })
export class KindBalanceView {
  @Shown(() => GrantKindEnum, "The kind.")
  readonly kind!: GrantKind;

  @Shown(() => AmountScalar, "Credits available in grants of this kind.")
  readonly available!: Amount;
}

@Access(...EVERYONE)
@ObjectType("Balance", { simpleResolvers: true, description: "What a wallet holds at an instant." })
export class BalanceView {
  constructor(private readonly balance: Balance) {}

  @Shown(() => AmountScalar, "Credits that can be spent, from grants that are alive; the overdraft apart.")
  get available() {
    return this.balance.available;
  }

  @Shown(() => AmountScalar, "Credits set aside by holds.")
  get held() {
    return this.balance.held;
  }

  @Shown(() => AmountScalar, "Credits that are not yet effective.")
  get pending() {
    return this.balance.pending;
  }

  @Shown(() => AmountScalar, "Credits owed: what was drawn from the overdraft and is not repaid.")
  get debt() {
    return this.balance.debt;
  }

  @Shown(() => AmountScalar, "What the overdraft would still give, in credits.")
  get overdraft() {
    return this.balance.overdraft;
  }

  @Shown(
    () => AmountScalar,
    "Available and overdraft together: the most that could be spent, were no grant restricted. Alerts judge this.",
  )
  get spendable(): Amount {
    return spendableOf(this.balance);
  }

  @Shown(() => [KindBalanceView], "What is available by kind of grant, for the kinds that have any; adds up to `available`.")
  get byKind(): readonly KindBalanceView[] {
    return BALANCE_KINDS.map((kind, index) => ({ kind, available: this.balance.byKind[index] ?? 0n })).filter(
      ({ available }) => available > 0n,
    );
  }
}
