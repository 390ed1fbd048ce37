import { minimum } from "../../core/amount";
import { type Refused, refuse } from "../../core/refusal";
import { permit } from "./budget";
import type { CaptureCommand, WalletRefusal } from "./commands";
import type { Attempt, Draft } from "./draft";
import { openHold } from "./hold";
import { releaseRest, stillHeld } from "./release";
import { insufficient, notPriced } from "./spend";
import type { Hold } from "./types";
import { heldOf } from "./wallet";

/**
 * Takes held credits, in the order in which they were set aside. The rest is released, unless more captures are to come. More than
 * is held is refused, unless `allowExcess`: then the difference is spent by the waterfall in the same transaction.
 */
export function capture(draft: Draft, command: CaptureCommand): Attempt {
  const hold = openHold(draft, command);
  if (hold.refused) return hold;
  const unpriced = notPriced(command.pricing);
  if (unpriced) return unpriced;
  const held = heldOf(hold);
  const requested = command.amount ?? held;
  if (requested > held && !command.allowExcess) return refuse({ code: "CAPTURE_EXCEEDS_HOLD", hold, held, requested });
  const taken = minimum(requested, held);
  const use = { operation: hold.operation, app: hold.app, member: hold.member };
  take(draft, hold, taken);
  const captured: Hold = { ...hold, captured: hold.captured + taken };
  if (command.final || taken === held) releaseRest(draft, captured, "CAPTURED");
  else draft.putHold(captured);
  const refused = requested > taken ? takeExcess(draft, use, requested - taken) : null;
  if (refused) return refused;
  const priced = command.pricing?.told?.by ?? null;
  return { type: "CAPTURE", ...use, quantity: command.quantity, priced, relatesTo: hold.sequence };
}

/** What was not held is taken as any other use is, member's limits and all. */
function takeExcess(
  draft: Draft,
  use: Pick<Hold, "operation" | "app" | "member">,
  amount: bigint,
): Refused<WalletRefusal> | null {
  const permitted = permit(draft, use, amount, false);
  if (permitted.refused) return permitted;
  if (draft.draw(use, amount, () => "CONSUMED") > 0n) return insufficient(draft, use, amount);
  draft.count(use.member, use.operation, amount);
  return null;
}

function take(draft: Draft, hold: Hold, amount: bigint): void {
  let wanted = amount;
  for (const draw of stillHeld(hold)) {
    const part = minimum(draw.amount, wanted);
    draft.move(draw.grant, "HELD", "CONSUMED", part);
    wanted -= part;
  }
}
