import type { Amount } from "../core/amount";
import type { PayerNow } from "../core/priced";
import type { Core } from "../platform/context";
import type { CaptureCommand, HoldCommand, SpendCommand } from "./model/commands";
import type { WalletKey } from "./model/types";

/** A command that may be priced. */
export type PricedCommand = SpendCommand | HoldCommand | CaptureCommand;

/** What is known already of the prices that apply: their revision at least, what time it is, and the payer's plan. */
export interface PricesKnown extends PayerNow {
  readonly atLeast: number | null;
}

export const ANY_PRICES: PricesKnown = { atLeast: null, notBefore: 0n, clock: null };

/**
 * The command with what it costs as its amount. Why it costs nothing, if it has no price, is told with it: whether it was done before is
 * judged first.
 */
export async function withPrice<Command extends PricedCommand>(
  { pricer }: Pick<Core, "pricer">,
  { accountId, creditTypeId }: WalletKey,
  command: Command,
  known: PricesKnown,
): Promise<Command & { readonly amount: Amount }> {
  const { pricing } = command;
  if (!pricing) throw new Error("what has an amount is not priced");
  const question = { accountId, creditTypeId, ...pricing.question, ...pricing.use };
  const { amount: exact, maximum, by, terms, refusal } = await pricer.price(question, known.atLeast, known);
  // Set aside is the most that it may come to, if there is a bound.
  const amount = command.type === "hold" ? maximum : exact;
  const told = { by, terms, refusal: amount === null ? refusal : null };
  return Object.assign({ ...command }, { amount: amount ?? 0n, pricing: { ...pricing, told } });
}
