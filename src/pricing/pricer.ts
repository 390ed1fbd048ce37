import type { NotPriced, Priced, PriceQuestion, Pricer } from "../core/priced";
import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import { type Estimate, estimateOf } from "./model/charge";
import { type Prices, pricesFor } from "./price-books";
import { readQuote, writeQuote } from "./quote-token";

type Place = Pick<Core, "pool" | "clock">;

/** Tells what uses cost by the price lists. A price holds until another version takes over, or the credit type's prices change. */
export function createPricer(core: Place, secretOf: () => Promise<Uint8Array>): Pricer {
  // Read once, when the first quote is given or kept.
  let secret: Promise<Uint8Array> | null = null;
  const remembered = (): Promise<Uint8Array> => {
    secret ??= secretOf().catch((error: unknown) => {
      secret = null;
      throw error;
    });
    return secret;
  };
  return {
    price: async (question, atLeast) => {
      if (question.quote === null) return price(core, question, atLeast);
      const promised = readQuote(await remembered(), question, question.quote);
      if (promised === null) return notKept("QUOTE_UNKNOWN", question.operation);
      if (promised.until <= core.clock.now()) return notKept("QUOTE_EXPIRED", question.operation);
      return price(core, { ...question, asOf: promised }, atLeast);
    },
    promise: async (question, asOf, until) => writeQuote(await remembered(), question, { ...asOf, until }),
  };
}

/** A quote that holds for nothing, or not any more. It is not priced otherwise instead: whoever brings one relies on it. */
function notKept(reason: NotPriced["reason"], name: string): Priced {
  return { amount: null, minimum: 0n, maximum: null, by: null, terms: null, refusal: { reason, name, known: [] } };
}

/** The prices that apply to whoever asks, at an instant. Null: there is no such credit type. */
export function pricesAt(
  core: Pick<Core, "pool">,
  question: Pick<PriceQuestion, "creditTypeId" | "accountId" | "app" | "asOf">,
  at: Instant,
  atLeast: number | "LATEST" | null,
): Promise<Prices | null> {
  const { creditTypeId, accountId, app, asOf } = question;
  const asked = { creditTypeId, payer: { accountId, app }, at, revision: asOf?.revision ?? null };
  return pricesFor(core, asked, asOf?.revision ?? atLeast);
}

async function price(core: Place, question: PriceQuestion, atLeast: number | "LATEST" | null): Promise<Priced> {
  const at = question.asOf?.at ?? core.clock.now();
  const prices = await pricesAt(core, question, at, atLeast);
  const asOf = { at, revision: prices?.revision ?? 0 };
  const terms = question.asOf || !prices ? null : { revision: prices.revision, until: prices.until };
  const estimate = estimateOf(prices?.book ?? { lists: [] }, question);
  if (estimate.refused) return { amount: null, minimum: 0n, maximum: null, by: null, terms, refusal: estimate.refusal };
  const { minimum, maximum, charge } = estimate;
  const by = { version: versionOf(estimate), ...asOf };
  return { amount: charge?.amount ?? null, minimum, maximum, by, terms, refusal: estimate.unknown };
}

/** The version that the operation itself is priced by: its surcharges come after it. */
function versionOf({ versions: [first] }: Estimate): number {
  if (first === undefined) throw new Error("what is priced is priced by a version");
  return first;
}
