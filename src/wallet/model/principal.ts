import type { Amount } from "../../core/amount";
import type { Entry, TransactionType } from "./types";

/** Which entries count towards a transaction's amount; the others are consequences (a repaid debt, what was not captured). */
const PRINCIPAL: Record<Exclude<TransactionType, "ADJUST">, (entry: Entry) => boolean> = {
  GRANT: (entry) => entry.from === "ISSUED",
  ACTIVATE: (entry) => entry.from === "PENDING",
  SPEND: (entry) => entry.to === "CONSUMED",
  HOLD: (entry) => entry.to === "HELD",
  CAPTURE: (entry) => entry.to === "CONSUMED",
  RELEASE: (entry) => entry.from === "HELD",
  REFUND: (entry) => entry.from === "CONSUMED",
  EXPIRE: (entry) => entry.from === "AVAILABLE",
  VOID: (entry) => entry.to === "VOIDED",
  TRANSFER: (entry) => entry.to === "MOVED" || entry.from === "ISSUED",
};

/**
 * A transaction's amount, from its entries. An ADJUST gives (and then issues credits) or takes away (and then is negative);
 * every other amount is the sum of the entries that the transaction is about.
 */
export function principal(type: TransactionType, entries: readonly Entry[]): Amount {
  if (type !== "ADJUST") return total(entries.filter(PRINCIPAL[type]));
  const issued = entries.filter((entry) => entry.from === "ISSUED");
  return issued.length > 0 ? total(issued) : -total(entries);
}

function total(entries: readonly Entry[]): Amount {
  return entries.reduce((sum, entry) => sum + entry.amount, 0n);
}
