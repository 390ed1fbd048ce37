import type { Amount } from "../../core/amount";
import { type Refused, refuse } from "../../core/refusal";
import { permit } from "./budget";
import type { HoldCommand, Pricing, SpendCommand, WalletRefusal } from "./commands";
import type { Attempt, Draft } from "./draft";
import type { Pot } from "./types";
import { outOfScope, spendable, type Use } from "./waterfall";

/** Takes credits by the waterfall: all that is asked for, or nothing; with `allowPartial` what there is. */
export function spend(draft: Draft, command: SpendCommand): Attempt {
  const refused = within(draft, command, "CONSUMED");
  return refused ?? { type: "SPEND", ...useOf(command) };
}

/** Draws what a use asks for into a pot; refused when it is not there, or is said to have happened later than now. */
export function within(draft: Draft, command: SpendCommand | HoldCommand, to: Pot): Refused<WalletRefusal> | null {
  const { occurredAt, amount, allowPartial } = command;
  const unpriced = notPriced(command.pricing);
  if (unpriced) return unpriced;
  if (occurredAt !== null && occurredAt > draft.now) return refuse({ code: "OCCURRED_IN_FUTURE", now: draft.now });
  const permitted = permit(draft, command, amount, allowPartial);
  if (permitted.refused) return permitted;
  const shortfall = draft.draw(command, permitted.amount, () => to);
  // What costs nothing is there always.
  const enough = allowPartial && amount > 0n ? shortfall < permitted.amount : shortfall === 0n;
  if (!enough) return insufficient(draft, command, amount);
  draft.count(command.member, command.operation, permitted.amount - shortfall);
  return null;
}

/** The refusal of a use that has no price; null for one that has, or needs none. */
export function notPriced(pricing: Pricing | null): Refused<WalletRefusal> | null {
  const refusal = pricing?.told?.refusal ?? null;
  return refusal && refuse({ code: "NOT_PRICED", ...refusal });
}

/** The refusal for want of credits, with what a client needs to go on. It is judged on the wallet that the draft began from. */
export function insufficient(draft: Draft, use: Use, required: Amount): Refused<WalletRefusal> {
  const { grants, balance } = draft.wallet;
  const could = spendable(grants, draft.now, use);
  return refuse({
    code: "INSUFFICIENT_CREDITS",
    spendable: could,
    available: balance.available,
    outOfScope: outOfScope(grants, draft.now, use),
    required,
    shortfall: required - could,
  });
}

export function useOf(command: SpendCommand | HoldCommand) {
  const { operation, quantity, app, member, occurredAt, pricing } = command;
  return { operation, quantity, priced: pricing?.told?.by ?? null, app, member, occurredAt };
}
