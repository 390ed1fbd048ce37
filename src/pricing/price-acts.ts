import { formatId } from "../core/ids";
import type { Json } from "../core/json";
import { formatInstant, type Instant } from "../core/time";
import type { Unit } from "../core/unit";
import type { Act, Operator } from "../platform/act";
import { formatFine, formatQuantity } from "./model/fine";
import type { PriceOwner, PriceVersion } from "./model/price-list";
import type { Meter, Price } from "./model/types";

/** What operators do to prices, for the audit log: as it was told then, in the unit of then. */

/** Lists have no ids: what is done to any of a credit type's is found by the credit type, and says which list it was. */
export function actOn(
  { creditTypeId, owner }: PriceVersion,
  at: Instant,
  by: Operator,
): Omit<Act, "action" | "before" | "after"> {
  const accountId = owner.kind === "account" ? owner.accountId : null;
  return { at, ...by, subject: formatId("creditType", null, creditTypeId), accountId };
}

/** `prices`: all of the version's; not told when not given. */
export function versionJson(version: PriceVersion | null, unit: Unit, prices?: Iterable<Price>): Json {
  if (version === null) return null;
  const { id, number, owner, effectiveFrom, creditPrice, withdrawn } = version;
  return {
    id: formatId("priceVersion", null, id),
    number,
    ...ownerJson(owner),
    effectiveFrom: formatInstant(effectiveFrom),
    creditPrice: creditPrice && { amount: unit.priceOfOne(creditPrice.amount), currency: creditPrice.currency },
    withdrawnAt: withdrawn && formatInstant(withdrawn.at),
    ...(prices ? { prices: Array.from(prices, (price) => priceJson(price, unit)) } : {}),
    ...(unit.number > 0 ? { unit: unit.number } : {}),
  };
}

function ownerJson(owner: PriceOwner): Readonly<Record<string, Json>> {
  return {
    accountId: owner.kind === "account" ? formatId("account", owner.accountId) : null,
    app: owner.kind === "app" ? owner.app : null,
    plan: owner.kind === "plan" ? formatId("plan", null, owner.planId) : null,
  };
}

function priceJson({ operation, title, flat, meters, minimum, maximum, range, surcharges }: Price, unit: Unit): Json {
  return {
    operation,
    title,
    flat: range === null ? formatFine(flat, unit) : null,
    meters: meters.map((meter) => meterJson(meter, unit)),
    minimum: minimum === null ? null : unit.format(minimum),
    maximum: maximum === null ? null : unit.format(maximum),
    range: range && { minimum: unit.format(range.minimum), maximum: unit.format(range.maximum) },
    surcharges: surcharges.map(({ operation: added, always }) => ({ operation: added, always })),
  };
}

function meterJson({ dimension, mode, tiers, per, unit: one, units }: Meter, unit: Unit): Json {
  return {
    ...{ dimension, mode, per: Number(per), unit: one, units },
    tiers: tiers.map(({ upTo, rate }) => ({
      upTo: upTo === null ? null : formatQuantity(upTo),
      rate: formatFine(rate * per, unit),
    })),
  };
}
