import { InputType, ObjectType } from "type-graphql";
import { Access, EVERYONE } from "./access";
import { CurrencyCodeScalar, DecimalScalar } from "./scalars";
import { Shown } from "./shown";

@Access(...EVERYONE)
@ObjectType("Money", { simpleResolvers: true, description: "An amount of a currency." })
export class MoneyView {
  @Shown(() => DecimalScalar, "How much, in units of the currency (not cents).")
  readonly amount!: string;

  @Shown(() => CurrencyCodeScalar, "Which currency.")
  readonly currency!: string;
}

@InputType({ description: "An amount of a currency." })
export class MoneyInput {
  @Shown(() => DecimalScalar, "How much, in units of the currency (not cents).")
  readonly amount!: string;

  @Shown(() => CurrencyCodeScalar, "Which currency.")
  readonly currency!: string;
}
