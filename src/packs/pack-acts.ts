import { formatAmount } from "../core/amount";
import type { Json } from "../core/json";
import { formatInstant } from "../core/time";
import type { Pack } from "./pack";

/** A pack as the audit log keeps it. */
export function packJson({ name, latest, retired }: Pack): Json {
  const { number, title, amount, price, life, priority, forEveryone } = latest;
  return {
    name,
    number,
    title,
    amount: formatAmount(amount),
    price: { amount: price.amount, currency: price.currency },
    life,
    priority,
    forEveryone,
    retiredAt: retired && formatInstant(retired.at),
  };
}
