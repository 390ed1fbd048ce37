import { minimum } from "../../core/amount";
import { refuse } from "../../core/refusal";
import type { VoidCommand, WithdrawCommand } from "./commands";
import type { Attempt, Draft } from "./draft";
import type { Grant } from "./types";
import { isAlive } from "./waterfall";

/** Withdraws a grant: what is pending or available is voided at once, what is held when its hold ends. What was consumed stays consumed. */
export function voidGrant(draft: Draft, command: VoidCommand): Attempt {
  const grant = draft.grant(command.grant);
  if (!grant) return refuse({ code: "NOT_FOUND", what: "grant" });
  const reason = ineligible(draft, grant);
  if (reason) return refuse({ code: "GRANT_NOT_ELIGIBLE", grant: grant.number, reason });
  end(draft, grant);
  return { type: "VOID" };
}

/**
 * Withdraws a part of a grant, or what is left of it if that is less: what is pending or available. The grant lives on. A limit is
 * changed by another limit, not so.
 */
export function withdraw(draft: Draft, command: WithdrawCommand): Attempt {
  const grant = draft.grant(command.grant);
  if (!grant) return refuse({ code: "NOT_FOUND", what: "grant" });
  const { PENDING, AVAILABLE } = grant.pots;
  const reason = ineligible(draft, grant) ?? (PENDING + AVAILABLE === 0n || grant.kind === "OVERDRAFT" ? "NOTHING_LEFT" : null);
  if (reason) return refuse({ code: "GRANT_NOT_ELIGIBLE", grant: grant.number, reason });
  // All of a grant is in one of the two.
  draft.move(grant.number, "PENDING", "VOIDED", minimum(PENDING, command.amount));
  draft.move(grant.number, "AVAILABLE", "VOIDED", minimum(AVAILABLE, command.amount));
  return { type: "VOID" };
}

/** Moves out all that can be spent of it, now or later, and ends it. */
export function end(draft: Draft, grant: Grant): void {
  draft.move(grant.number, "PENDING", "VOIDED", grant.pots.PENDING);
  draft.move(grant.number, "AVAILABLE", "VOIDED", grant.pots.AVAILABLE);
  draft.change(grant.number, { voidedAt: draft.now });
}

function ineligible(draft: Draft, grant: Grant) {
  if (grant.voidedAt !== null) return "VOIDED";
  const { PENDING, AVAILABLE, HELD } = grant.pots;
  if (PENDING > 0n || AVAILABLE > 0n || HELD > 0n) return null;
  // An overdraft that is drawn in full is still a limit that can be withdrawn.
  if (grant.kind === "OVERDRAFT") return null;
  return grant.effectiveAt <= draft.now && !isAlive(grant, draft.now) ? "EXPIRED" : "NOTHING_LEFT";
}
