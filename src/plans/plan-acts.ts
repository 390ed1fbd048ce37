import { formatId } from "../core/ids";
import type { Json } from "../core/json";
import { formatInstant } from "../core/time";
import type { Subscription } from "./model/types";
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

export function versionJson(version: PublishedVersion | null): Json {
  if (version === null) return null;
  const { id, title, terms } = version;
  const { plan, version: number, price, billing } = terms;
  const shown = price && { amount: price.amount, currency: price.currency };
  return { id: planVersionId(id), plan, number, title, price: shown, billing };
}

/** A subscription as the API shows it. */
export function subscriptionJson({ status, course, ahead, endedAt }: Subscription): Json {
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
