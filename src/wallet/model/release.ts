import type { ReleaseCommand } from "./commands";
import type { Attempt, Draft, Facts } from "./draft";
import { openHold } from "./hold";
import type { Grant, Hold, HoldStatus, Pot } from "./types";
import { heldOf } from "./wallet";
import { isAlive } from "./waterfall";

/** Ends a hold: all that is still held goes back. */
export function release(draft: Draft, command: ReleaseCommand): Attempt {
  const hold = openHold(draft, command);
  if (hold.refused) return hold;
  releaseRest(draft, hold, "RELEASED");
  return releaseFacts(hold);
}

export function releaseFacts(hold: Hold): Facts {
  return { type: "RELEASE", operation: hold.operation, app: hold.app, member: hold.member, relatesTo: hold.sequence };
}

/** Gives back what is still held, each part to where its grant's credits belong now, and ends the hold with `status`. */
export function releaseRest(draft: Draft, hold: Hold, status: HoldStatus): void {
  for (const { grant, amount } of stillHeld(hold)) draft.move(grant, "HELD", homeOf(draft, grant), amount);
  draft.uncount(hold.member, hold.operation, heldOf(hold), hold.heldAt);
  draft.putHold({ ...hold, released: hold.released + heldOf(hold), status });
}

/** What is still held, by draw: captures have taken from the front. */
export function stillHeld(hold: Hold): Hold["draws"] {
  let captured = hold.captured;
  return hold.draws.flatMap(({ grant, amount }) => {
    const taken = captured < amount ? captured : amount;
    captured -= taken;
    return taken < amount ? [{ grant, amount: amount - taken }] : [];
  });
}

/** Where credits go that come back to a grant: what is released to an expired grant expires at once, to a voided one is voided. */
function homeOf(draft: Draft, number: number): Pot {
  const grant = draft.grant(number) as Grant;
  if (grant.voidedAt !== null) return "VOIDED";
  return isAlive(grant, draft.now) ? "AVAILABLE" : "EXPIRED";
}
