import { InputType, Int, ObjectType } from "type-graphql";
import type { Amount } from "../core/amount";
import type { Period } from "../core/time";
import { Access, EVERYONE } from "../platform/graphql/access";
import { MoneyInput } from "../platform/graphql/money";
import { ReasonedInput } from "../platform/graphql/reasoned";
import { Refusal } from "../platform/graphql/refusal";
import { AmountScalar, DurationScalar } from "../platform/graphql/scalars";
import { Shown } from "../platform/graphql/shown";
import { PackView } from "./packs.types";

/** What operators publish, and what comes of it. What is not given is undefined or null. */

type Optional<T> = T | null | undefined;

@InputType({ description: "A version of a pack, whole: what it does not say is not as it was before." })
export class PublishPackInput extends ReasonedInput {
  @Shown(() => String, "The pack, by its name: 1-64 of a-z, 0-9, `.`, `_` and `-`, beginning with a letter. A new one is made.")
  name!: string;

  @Shown(() => String, "What people read. 1-255 characters.")
  title!: string;

  @Shown(() => String, "The credit type of its credits, by name; the same in all of its versions.")
  creditType!: string;

  @Shown(() => AmountScalar, "How many credits it has.")
  amount!: Amount;

  @Shown(() => MoneyInput, "What it costs: above zero, in no smaller coins than the currency has.")
  price!: MoneyInput;

  @Shown(() => DurationScalar, "How long its credits live; as long as the credit type says when not given.", { nullable: true })
  life?: Optional<Period>;

  @Shown(() => Int, "The priority of its credits, 0-255: the smaller is spent first.", { nullable: true, defaultValue: 100 })
  priority?: Optional<number>;

  @Shown(() => Boolean, "Whether any account may buy it; otherwise only those whose plan names it.", {
    nullable: true,
    defaultValue: true,
  })
  forEveryone?: Optional<boolean>;

  @Shown(
    () => Int,
    "The number of the version that you started from; none for the first. Should there be a later one, you are told.",
    { nullable: true },
  )
  basedOn?: Optional<number>;
}

@InputType({ description: "A pack that is not to be sold any more." })
export class RetirePackInput extends ReasonedInput {
  @Shown(() => String, "The pack, by its name.")
  name!: string;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
abstract class PackPayload {
  @Shown(() => PackView, "The pack; null when refused.", { nullable: true })
  readonly pack!: PackView | null;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of publishing a pack." })
export class PublishPackPayload extends PackPayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of retiring a pack." })
export class RetirePackPayload extends PackPayload {}
