import type { AdjustCommand } from "./commands";
import type { Attempt, Draft } from "./draft";
import { credit } from "./grant";
import { repaysDebt } from "./repay";
import { insufficient } from "./spend";
import type { GrantTerms } from "./types";

/** An adjustment is the operator's act and no operation: scopes do not matter to it. */
const USE = { operation: null, app: null, anyScope: true };

/** Corrects a balance: up by an ADJUSTMENT grant; down by the waterfall, whose credits are voided, and what the overdraft pays is debt. */
export function adjust(draft: Draft, command: AdjustCommand): Attempt {
  if (command.amount > 0n) {
    credit(draft, adjustment(draft, command));
    return { type: "ADJUST" };
  }
  const shortfall = draft.draw(USE, -command.amount, (grant) => (grant.kind === "OVERDRAFT" ? "CONSUMED" : "VOIDED"));
  return shortfall > 0n ? insufficient(draft, USE, -command.amount) : { type: "ADJUST" };
}

function adjustment(draft: Draft, command: AdjustCommand): GrantTerms {
  return {
    kind: "ADJUSTMENT",
    amount: command.amount,
    priority: 100,
    effectiveAt: draft.now,
    expiresAt: null,
    scope: { operations: [], apps: [] },
    costBasis: null,
    rollover: null,
    repaysDebt: repaysDebt("ADJUSTMENT", null) === true,
    source: command.description,
    metadata: null,
  };
}
