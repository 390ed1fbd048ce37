import type { NotPriced, PayerNow, Priced, PriceQuestion, Pricer } from "../core/priced";
import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import { type Estimate, estimateOf } from "./model/charge";
import { notePlan, pricesFor } from "./price-books";
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
    price: async (question, atLeast, { notBefore, clock, plan } = BY_REAL_CLOCK) => {
      const now = { at: later(clock ?? core.clock.now(), notBefore), clock, plan };
      if (plan !== undefined) notePlan(core, question.accountId, plan);
      if (question.quote === null) return price(core, question, now, atLeast);
      const promised = readQuote(await remembered(), question, question.quote);
      if (promised === null) return notKept("QUOTE_UNKNOWN", question.operation, clock);
      if (promised.until <= now.at) return notKept("QUOTE_EXPIRED", question.operation, clock);
      const kept = await price(core, { ...question, asOf: promised }, now, atLeast);
      return { ...kept, terms: { revision: null, until: promised.until, clock, plan: "ANY" } };
    },
    promise: async (question, asOf, until) => writeQuote(await remembered(), question, { ...asOf, until }),
  };
}

const BY_REAL_CLOCK: PayerNow = { notBefore: 0n, clock: null };

/** What time it is for whoever pays, whether by a test clock, and on which plan; undefined: that is not known yet. */
interface Now {
  readonly at: Instant;
  readonly clock: Instant | null;
  readonly plan: number | null | undefined;
}

/**
 * A quote that holds for nothing, or not any more. It is not priced otherwise instead: whoever brings one relies on it. By another clock
 * it may hold still.
 */
function notKept(reason: NotPriced["reason"], name: string, clock: Instant | null): Priced {
  const terms = { revision: null, until: null, clock, plan: "ANY" } as const;
  return { amount: null, minimum: 0n, maximum: null, by: null, terms, refusal: { reason, name, known: [] } };
}

async function price(
  core: Pick<Core, "pool">,
  question: PriceQuestion,
  { at: now, clock, plan }: Now,
  atLeast: number | "LATEST" | null,
): Promise<Priced> {
  const { creditTypeId, accountId, app, asOf: earlier } = question;
  // A test clock is nobody's that could be late: by it, what was published after its time has not begun.
  const present = !earlier && clock === null;
  const when = earlier ? { ...earlier, present } : { at: now, revision: null, present };
  const payer = { accountId, app, plan: earlier ? earlier.plan : plan };
  const prices = await pricesFor(core, { creditTypeId, payer, ...when }, earlier?.revision ?? atLeast);
  const begun = present ? later(now, prices?.publishedAt ?? 0n) : now;
  const asOf = earlier ?? { at: begun, revision: prices?.revision ?? 0, plan: prices?.listedPlan ?? null };
  const terms = earlier || !prices ? null : { revision: prices.revision, until: prices.until, clock, plan: prices.plan };
  const estimate = estimateOf(prices?.book ?? { lists: [] }, question);
  if (estimate.refused) return { amount: null, minimum: 0n, maximum: null, by: null, terms, refusal: estimate.refusal };
  const { minimum, maximum, charge } = estimate;
  const by = { version: versionOf(estimate), at: asOf.at, revision: asOf.revision, plan: asOf.plan };
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
