import { ObjectType } from "type-graphql";
import type { ShownAmount, Unit } from "../../core/unit";
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
  readonly available!: ShownAmount;
}

@Access(...EVERYONE)
@ObjectType("Balance", { simpleResolvers: true, description: "What a wallet holds at an instant." })
export class BalanceView {
  constructor(
    private readonly balance: Balance,
    private readonly unit: Unit,
  ) {}

  @Shown(() => AmountScalar, "Credits that can be spent, from grants that are alive; the overdraft apart.")
  get available() {
    return this.unit.show(this.balance.available);
  }

  @Shown(() => AmountScalar, "Credits set aside by holds.")
  get held() {
    return this.unit.show(this.balance.held);
  }

  @Shown(() => AmountScalar, "Credits that are not yet effective.")
  get pending() {
    return this.unit.show(this.balance.pending);
  }

  @Shown(() => AmountScalar, "Credits owed: what was drawn from the overdraft and is not repaid.")
  get debt() {
    return this.unit.show(this.balance.debt);
  }

  @Shown(() => AmountScalar, "What the overdraft would still give, in credits.")
  get overdraft() {
    return this.unit.show(this.balance.overdraft);
  }

  @Shown(
    () => AmountScalar,
    "Available and overdraft together: the most that could be spent, were no grant restricted. Alerts judge this.",
  )
  get spendable(): ShownAmount {
    return this.unit.show(spendableOf(this.balance));
  }

  @Shown(() => [KindBalanceView], "What is available by kind of grant, for the kinds that have any; adds up to `available`.")
  get byKind(): readonly KindBalanceView[] {
    return BALANCE_KINDS.flatMap((kind, index) => {
      const available = this.balance.byKind[index] ?? 0n;
      return available > 0n ? [{ kind, available: this.unit.show(available) }] : [];
    });
  }
}
