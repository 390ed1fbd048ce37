import { refuse } from "../../core/refusal";
import { addPeriods, type Instant } from "../../core/time";
import type { GrantCommand } from "./commands";
import type { Attempt, Draft } from "./draft";
import { repay } from "./repay";
import type { Grant, GrantTerms } from "./types";

/** Gives credits: available at once, or pending until they are effective. What is available at once repays debt, if it is of that sort. */
export function grant(draft: Draft, command: GrantCommand): Attempt {
  const asked = command.terms.effectiveAt ?? draft.now;
  const effectiveAt = asked > draft.now ? asked : draft.now;
  const expiresAt = command.terms.expiresAt ?? lifeFrom(effectiveAt, command.defaultLife, draft.wallet.timeZone);
  if (expiresAt !== null && expiresAt <= effectiveAt) return refuse({ code: "EXPIRES_IN_PAST", now: draft.now });
  credit(draft, { ...command.terms, effectiveAt, expiresAt });
  return { type: "GRANT" };
}

/** Issues a grant into PENDING or AVAILABLE, as its terms say, and repays debt from it. */
export function credit(draft: Draft, terms: GrantTerms, origin: Grant["origin"] = null): Grant {
  const made = draft.issue(terms, origin);
  const pending = terms.effectiveAt > draft.now;
  draft.move(made.number, "ISSUED", pending ? "PENDING" : "AVAILABLE", terms.amount);
  if (!pending) repay(draft, made.number);
  return made;
}

function lifeFrom(effectiveAt: Instant, life: string | null, timeZone: string): Instant | null {
  return life === null ? null : addPeriods(effectiveAt, life, 1, timeZone);
}
