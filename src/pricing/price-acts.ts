import { formatId } from "../core/ids";
import type { Json } from "../core/json";
import { formatInstant, type Instant } from "../core/time";
import type { Unit } from "../core/unit";
import type { Act, Operator } from "../platform/act";
import type { PriceVersion } from "./model/price-list";

/** What operators do to prices, for the audit log. Versions keep their prices for ever: the log names them. It stays as it was told then. */

export function actOn({ id, owner }: PriceVersion, at: Instant, by: Operator): Omit<Act, "action" | "before" | "after"> {
  const accountId = owner.kind === "account" ? owner.accountId : null;
  return { at, ...by, subject: formatId("priceVersion", null, id), accountId };
}

export function versionJson(version: PriceVersion | null, unit: Unit): Json {
  if (version === null) return null;
  const { id, number, effectiveFrom, creditPrice, withdrawn } = version;
  return {
    id: formatId("priceVersion", null, id),
    number,
    effectiveFrom: formatInstant(effectiveFrom),
    creditPrice: creditPrice && { amount: unit.priceOfOne(creditPrice.amount), currency: creditPrice.currency },
    withdrawnAt: withdrawn && formatInstant(withdrawn.at),
    ...(unit.number > 0 ? { unit: unit.number } : {}),
  };
}
