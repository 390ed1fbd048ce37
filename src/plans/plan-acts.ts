import { formatId } from "../core/ids";
import type { Json } from "../core/json";
import { formatInstant } from "../core/time";
import type { Unit } from "../core/unit";
import type { Units } from "../wallet";
import type { Allotment, Subscription } from "./model/types";
import type { Plan, PublishedVersion } from "./plan";

/** What operators do to plans, for the audit log. Versions are kept for ever: the log names them. */

export function planId(id: number): string {
  return formatId("plan", null, id);
}

export function planVersionId(id: number): string {
  return formatId("planVersion", null, id);
}

export function planJson({ id, name, retired }: Plan): Json {
  return { id: planId(id), name, retiredAt: retired && formatInstant(retired.at) };
}

/** All that a version promises: whoever reads the log has before and after side by side. Amounts are told in the unit of then. */
export function versionJson(version: PublishedVersion | null, units: Units): Json {
  if (version === null) return null;
  const { id, title, description, terms } = version;
  const { plan, version: number, price, billing, trial, packs } = terms;
  const shown = price && { amount: price.amount, currency: price.currency };
  return {
    ...{ id: planVersionId(id), plan, number, title, description, price: shown, billing, trial },
    allotments: terms.allotments.map((one) => allotmentJson(one, units)),
    overdrafts: terms.overdrafts.map(({ creditTypeId, limit }) => {
      const unit = units.of(creditTypeId);
      return { ...ofType(creditTypeId, unit), limit: unit.format(limit) };
    }),
    packs: [...packs],
  };
}

function allotmentJson({ creditTypeId, amount, rollover, scope, ...rest }: Allotment, units: Units): Json {
  const unit = units.of(creditTypeId);
  return {
    ...ofType(creditTypeId, unit),
    amount: unit.format(amount),
    ...rest,
    rollover: rollover && rolloverJson(rollover, unit),
    scope: { operations: [...scope.operations], apps: [...scope.apps] },
  };
}

function rolloverJson({ percent, maximum, period, periods }: NonNullable<Allotment["rollover"]>, unit: Unit): Json {
  return { percent, maximum: maximum === null ? null : unit.format(maximum), period, periods };
}

function ofType(creditTypeId: number, unit: Unit): Readonly<Record<string, Json>> {
  return { creditType: formatId("creditType", null, creditTypeId), ...(unit.number > 0 ? { unit: unit.number } : {}) };
}

/** A subscription as the API shows it. */
export function subscriptionJson({ status, course, ahead, endedAt }: Subscription): Readonly<Record<string, Json>> {
  const { version, trialUntil } = course;
  const to = ahead?.what === "CHANGE" ? { plan: ahead.to.plan, version: ahead.to.version } : {};
  return {
    status,
    plan: version.plan,
    version: version.version,
    trialUntil: trialUntil === null ? null : formatInstant(trialUntil),
    ahead: ahead && { what: ahead.what, at: formatInstant(ahead.at), ...to },
    endedAt: endedAt === null ? null : formatInstant(endedAt),
  };
}
