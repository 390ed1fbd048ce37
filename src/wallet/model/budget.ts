import type { Amount } from "../../core/amount";
import { type Refused, refuse } from "../../core/refusal";
import type { WalletRefusal } from "./commands";
import type { Draft } from "./draft";
import { roomFrom, roomIn, tightestLimit } from "./limits";

/** Who wants credits, and for what. */
interface By {
  readonly member: number | null;
  readonly operation: string | null;
}

/** How much of what is asked for may be taken. */
interface Permit {
  readonly refused?: never;
  readonly amount: Amount;
}

/**
 * What a member's limits let pass of an amount: all of it, or with `partial` what there is room for. Refused when that is too little,
 * and to a member who was removed. The team itself is limited by nothing.
 */
export function permit(
  draft: Draft,
  { member: number, operation }: By,
  amount: Amount,
  partial: boolean,
): Permit | Refused<WalletRefusal> {
  if (number === null) return { amount };
  const member = draft.member(number);
  if (member.removed) return refuse({ code: "NOT_FOUND", what: "member" });
  const limit = tightestLimit(member, operation, draft.now, draft.wallet.timeZone);
  const room = limit === null ? amount : roomIn(limit);
  if (limit === null || room >= amount) return { amount };
  if (partial && room > 0n) return { amount: room };
  const from = roomFrom(member, operation, amount, draft.now, draft.wallet.timeZone);
  return refuse({ code: "BUDGET_EXCEEDED", member: number, limit, required: amount, roomFrom: from });
}
