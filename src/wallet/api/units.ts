import type { Core } from "../../platform/context";
import { type Units, unitsNow } from "../units";

/** A request, as far as units care. */
interface Request {
  readonly core: Core;
}

const ASKED = new WeakMap<Request, Promise<Units>>();

/** The units that a request reads and shows amounts in: those of one instant, so that nothing in an answer is by another than the rest. */
export function unitsOf(request: Request): Promise<Units> {
  const known = ASKED.get(request);
  if (known) return known;
  const units = unitsNow(request.core);
  ASKED.set(request, units);
  return units;
}

/** Each event of a subscription is shown by the units of its time, and so is what comes after a redenomination. */
export function forgetUnitsOf(request: Request): void {
  ASKED.delete(request);
}
