import { ObjectType } from "type-graphql";
import { Access, EVERYONE } from "../platform/graphql/access";
import { Refusal } from "../platform/graphql/refusal";
import { Shown } from "../platform/graphql/shown";
import { PriceVersionView } from "./prices.types";

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
abstract class PricesPayload {
  @Shown(() => PriceVersionView, "The version; null when refused.", { nullable: true })
  readonly version!: PriceVersionView | null;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of publishing prices." })
export class PublishPricesPayload extends PricesPayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of withdrawing prices." })
export class WithdrawPricesPayload extends PricesPayload {}
