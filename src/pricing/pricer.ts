import type { NotPriced, Priced, PriceQuestion, Pricer } from "../core/priced";
import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import { type Estimate, estimateOf } from "./model/charge";
import { pricesFor } from "./price-books";
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
    price: async (question, atLeast, notBefore = 0n) => {
      const now = core.clock.now();
      const at = later(now, notBefore);
      if (question.quote === null) return price(core, question, at, atLeast);
      const promised = readQuote(await remembered(), question, question.quote);
      if (promised === null) return notKept("QUOTE_UNKNOWN", question.operation);
      if (promised.until <= at) return notKept("QUOTE_EXPIRED", question.operation);
      const kept = await price(core, { ...question, asOf: promised }, at, atLeast);
      return { ...kept, terms: { revision: null, until: promised.until } };
    },
    promise: async (question, asOf, until) => writeQuote(await remembered(), question, { ...asOf, until }),
  };
}

/** A quote that holds for nothing, or not any more. It is not priced otherwise instead: whoever brings one relies on it. */
function notKept(reason: NotPriced["reason"], name: string): Priced {
  return { amount: null, minimum: 0n, maximum: null, by: null, terms: null, refusal: { reason, name, known: [] } };
}

async function price(
  core: Pick<Core, "pool">,
  question: PriceQuestion,
  now: Instant,
  atLeast: number | "LATEST" | null,
): Promise<Priced> {
  const { creditTypeId, accountId, app, asOf: earlier } = question;
  const when = earlier ? { ...earlier, present: false } : { at: now, revision: null, present: true };
  const prices = await pricesFor(core, { creditTypeId, payer: { accountId, app }, ...when }, earlier?.revision ?? atLeast);
  const asOf = earlier ?? { at: later(now, prices?.publishedAt ?? 0n), revision: prices?.revision ?? 0 };
  const terms = earlier || !prices ? null : { revision: prices.revision, until: prices.until };
  const estimate = estimateOf(prices?.book ?? { lists: [] }, question);
  if (estimate.refused) return { amount: null, minimum: 0n, maximum: null, by: null, terms, refusal: estimate.refusal };
  const { minimum, maximum, charge } = estimate;
  const by = { version: versionOf(estimate), at: asOf.at, revision: asOf.revision };
  return { amount: charge?.amount ?? null, minimum, maximum, by, terms, refusal: estimate.unknown };
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

/** The version that the operation itself is priced by: its surcharges come after it. */
function versionOf({ versions: [first] }: Estimate): number {
  if (first === undefined) throw new Error("what is priced is priced by a version");
  return first;
}
