import { formatId } from "../core/ids";
import type { Json } from "../core/json";
import { formatInstant } from "../core/time";
import type { Unit } from "../core/unit";
import type { Pack } from "./pack";

/** A pack as the audit log keeps it, told in the unit of then. */
export function packJson({ name, creditTypeId, latest, retired }: Pack, unit: Unit): Json {
  const { id, number, title, amount, price, life, priority, forEveryone } = latest;
  return {
    id: formatId("packVersion", null, id),
    name,
    number,
    creditType: formatId("creditType", null, creditTypeId),
    title,
    amount: unit.format(amount),
    price: { amount: price.amount, currency: price.currency },
    life,
    priority,
    forEveryone,
    retiredAt: retired && formatInstant(retired.at),
    ...(unit.number > 0 ? { unit: unit.number } : {}),
  };
}
