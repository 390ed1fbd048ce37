import { minimum } from "../../core/amount";
import type { OverdraftCommand } from "./commands";
import type { Attempt, Draft } from "./draft";
import type { Grant } from "./types";
import { end } from "./void";
import { debtOf } from "./wallet";

/**
 * Sets how far a wallet may go below zero. The limit is a grant; a changed limit is a new one. The old one is voided, and all that is
 * owed, under it or one before, moves into the new one, as far as the new limit holds it: what is past it stays owed where it is.
 */
export function setOverdraft(draft: Draft, command: OverdraftCommand): Attempt {
  const old = draft.grants.filter((grant) => grant.kind === "OVERDRAFT" && grant.voidedAt === null);
  for (const grant of old) end(draft, grant);
  if (command.limit === 0n) return { type: old.length > 0 ? "VOID" : "GRANT" };
  const debts = draft.grants.filter((grant) => debtOf(grant) > 0n);
  const limit = issueLimit(draft, command);
  let room = command.limit;
  for (const grant of debts) {
    const moved = minimum(debtOf(grant), room);
    draft.move(grant.number, "CONSUMED", "MOVED", moved);
    draft.move(limit.number, "ISSUED", "CONSUMED", moved);
    room -= moved;
  }
  draft.move(limit.number, "ISSUED", "AVAILABLE", room);
  return { type: "GRANT" };
}

function issueLimit(draft: Draft, command: OverdraftCommand): Grant {
  return draft.issue({
    kind: "OVERDRAFT",
    amount: command.limit,
    priority: 255,
    effectiveAt: draft.now,
    expiresAt: null,
    scope: { operations: [], apps: [] },
    costBasis: command.costBasis,
    rollover: null,
    repaysDebt: false,
    source: command.description,
    metadata: null,
  });
}
