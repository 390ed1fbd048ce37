import { ObjectType } from "type-graphql";
import { formatAmount, MAX_AMOUNT } from "../../core/amount";
import { thousands } from "../../core/words";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal, RefusalView } from "../../platform/graphql/refusal";
import { describedEnum, Shown } from "../../platform/graphql/shown";
import type { WalletRefusal } from "../model/commands";

type NotPriced = Extract<WalletRefusal, { readonly code: "NOT_PRICED" }>;
type Reason = NotPriced["reason"];

const NotPricedReasonEnum = describedEnum<Reason>("NotPricedReason", "Why a use has no price.", {
  OPERATION_UNKNOWN: "The operation, or a surcharge of it, is on no price list that applies.",
  DIMENSION_UNKNOWN: "A quantity was given of something that is not counted.",
  SURCHARGE_UNKNOWN: "A surcharge was asked for that the operation does not have.",
  QUANTITIES_MISSING: "It depends on how much is used, and that was not said.",
  AMOUNT_MISSING: "It costs what the application says, between two bounds: give an amount, or set credits aside first.",
  OUT_OF_RANGE: "It would cost more than amounts can say.",
  QUOTE_UNKNOWN: "There is no such quote for this operation, wallet and app.",
  QUOTE_EXPIRED: "The quote is not kept any more.",
});

@Access(...EVERYONE)
@ObjectType("NotPriced", { implements: Refusal, simpleResolvers: true, description: "The use has no price." })
export class NotPricedRefusal extends RefusalView {
  readonly code = "NOT_PRICED";

  /** `toCustomer`: it is told to who can neither have prices published nor name an amount. */
  constructor(
    private readonly refusal: NotPriced,
    private readonly toCustomer = false,
  ) {
    super();
  }

  get message(): string {
    const { name, known, reason } = this.refusal;
    return reason === "OPERATION_UNKNOWN" ? unknownWords(name, known, this.toCustomer) : MESSAGES[reason](name, known);
  }

  @Shown(() => NotPricedReasonEnum, "Why.")
  get reason() {
    return this.refusal.reason;
  }

  @Shown(() => String, "The operation, surcharge or dimension that it is about.")
  get name(): string {
    return this.refusal.name;
  }

  @Shown(() => [String], "What could have been named instead; of operations, 20 at most.")
  get known(): readonly string[] {
    return this.refusal.known;
  }
}

type Known = readonly string[];

const MESSAGES: Readonly<Record<Exclude<Reason, "OPERATION_UNKNOWN">, (name: string, known: Known) => string>> = {
  DIMENSION_UNKNOWN: (name, known) =>
    known.length === 0
      ? `${name} is not counted here, and nothing is: leave the quantities out.`
      : `${name} is not counted here: name ${oneOf(known)}.`,
  SURCHARGE_UNKNOWN: (name, known) =>
    known.length === 0
      ? `${name} is no surcharge of the operation, which has none: leave it out.`
      : `${name} is no surcharge of the operation: name ${oneOf(known)}, or leave it out.`,
  QUANTITIES_MISSING: (name, known) => {
    const what = known.length === 1 ? `the quantity of ${known[0]}` : `the quantities that there are of ${known.join(", ")}`;
    return `What ${name} costs depends on how much is used: give ${what}.`;
  },
  AMOUNT_MISSING: (name) => `${name} costs what it comes to, within a range: give the amount, or hold credits for it first.`,
  QUOTE_UNKNOWN: (name) => `No such quote was given for ${name} here: ask for another, or leave quoteId out.`,
  QUOTE_EXPIRED: (name) => `The quote for ${name} has expired: ask for another, or leave quoteId out.`,
  OUT_OF_RANGE: (name) => `${name} would cost more than ${thousands(formatAmount(MAX_AMOUNT))} credits: use less of it at once.`,
};

function unknownWords(name: string, known: Known, toCustomer: boolean): string {
  if (name === "") return "The hold is for no operation: give an amount.";
  const others = known.length === 0 ? "" : `name ${oneOf(known)}`;
  if (toCustomer) return `${name} has no price${others === "" ? "" : `: ${others}`}.`;
  return `${name} has no price: ${others === "" ? "" : `${others}, `}publish one for it, or give an amount.`;
}

function oneOf(known: Known): string {
  return known.length === 1 ? `${known[0]}` : `one of ${known.join(", ")}`;
}
