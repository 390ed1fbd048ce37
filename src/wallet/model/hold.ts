import { type Refused, refuse } from "../../core/refusal";
import { addPeriods, type Instant } from "../../core/time";
import type { ExtendCommand, HoldCommand, HoldExpiry, WalletRefusal } from "./commands";
import type { Attempt, Draft } from "./draft";
import { useOf, within } from "./spend";
import type { Hold } from "./types";

/** Sets credits aside, by the waterfall, until the hold is captured, released, or expires. */
export function hold(draft: Draft, command: HoldCommand): Attempt {
  const expiresAt = expiryOf(command.expires, draft);
  if (expiresAt <= draft.now) return refuse({ code: "EXPIRES_IN_PAST", now: draft.now });
  const refused = within(draft, command, "HELD");
  if (refused) return refused;
  const draws = draft.entries.map(({ grant, amount }) => ({ grant, amount }));
  draft.putHold({
    sequence: draft.sequence,
    amount: draws.reduce((sum, draw) => sum + draw.amount, 0n),
    captured: 0n,
    released: 0n,
    expiresAt,
    status: "OPEN",
    operation: command.operation,
    app: command.app,
    member: command.member,
    heldAt: draft.now,
    draws,
  });
  return { type: "HOLD", ...useOf(command) };
}

/** Moves a hold's expiry to a later instant: a HOLD transaction of nothing that relates to the first. */
export function extend(draft: Draft, command: ExtendCommand): Attempt {
  const open = openHold(draft, command);
  if (open.refused) return open;
  const expiresAt = expiryOf(command.expires, draft);
  if (expiresAt <= open.expiresAt) return refuse({ code: "HOLD_EXPIRY_NOT_LATER", hold: open });
  draft.putHold({ ...open, expiresAt });
  return { type: "HOLD", operation: open.operation, app: open.app, member: open.member, relatesTo: open.sequence };
}

/** The open hold that a command names; refused when it is not this wallet's (or this app's) or has ended. */
export function openHold(
  draft: Draft,
  command: { readonly hold: number; readonly boundTo: string | null },
): (Hold & { readonly refused?: never }) | Refused<WalletRefusal> {
  const found = draft.hold(command.hold);
  if (!found || (command.boundTo !== null && found.app !== command.boundTo)) return refuse({ code: "NOT_FOUND", what: "hold" });
  return found.status === "OPEN" ? found : refuse({ code: "HOLD_ENDED", hold: found });
}

function expiryOf(expires: HoldExpiry, { now, wallet }: Draft): Instant {
  return "at" in expires ? expires.at : addPeriods(now, expires.in, 1, wallet.timeZone);
}
