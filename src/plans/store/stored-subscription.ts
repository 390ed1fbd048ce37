import { formatAmount } from "../../core/amount";
import { assert } from "../../core/assert";
import type { Json } from "../../core/json";
import { formatInstant, type Instant, parseInstant } from "../../core/time";
import type { GrantTerms } from "../../wallet";
import type { Act } from "../model/commands";
import type { Early, Owing } from "../model/owing";
import type { Ahead, OverdraftLimit, PlanGrant, PlanVersion, Subscription } from "../model/types";
import { restoreAmount } from "./stored-plan";

/** What a subscription is, and what it has done to the wallets, as it is stored: amounts and instants as text, plan versions by id. */

/** The plan versions by their ids: they never change, so that a name stands for all of it. */
export type Versions = (id: number) => PlanVersion;

export function storeState(state: Subscription): string {
  const { startedAt, clockAt, endedAt, course, ahead, grants, overdrafts, ...rest } = state;
  return JSON.stringify({
    ...rest,
    startedAt: formatInstant(startedAt),
    clockAt: formatInstant(clockAt),
    endedAt: textOf(endedAt),
    course: {
      number: course.number,
      line: course.line,
      version: Number(course.version.id),
      anchor: formatInstant(course.anchor),
      from: formatInstant(course.from),
      trialUntil: textOf(course.trialUntil),
    },
    ahead: ahead && storeAhead(ahead),
    grants: grants.map(({ amount, effectiveAt, end, expiresAt, ...grant }) => ({
      ...grant,
      amount: formatAmount(amount),
      effectiveAt: formatInstant(effectiveAt),
      end: formatInstant(end),
      expiresAt: formatInstant(expiresAt),
    })),
    overdrafts: overdrafts.map(({ creditTypeId, limit }) => ({ creditTypeId, limit: formatAmount(limit) })),
  });
}

function storeAhead(ahead: Ahead): Json {
  const at = formatInstant(ahead.at);
  return ahead.what === "CHANGE" ? { what: ahead.what, at, to: Number(ahead.to.id) } : { what: ahead.what, at };
}

/** The plan versions that a stored subscription names. */
export function versionsIn(stored: Json): readonly number[] {
  const { course, ahead } = stored as unknown as StoredState;
  return ahead?.what === "CHANGE" ? [course.version, ahead.to] : [course.version];
}

/** Reads what `storeState` wrote. */
export function restoreState(stored: Json, versions: Versions): Subscription {
  const { startedAt, clockAt, endedAt, course, ahead, grants, overdrafts, ...rest } = stored as unknown as StoredState;
  return {
    ...rest,
    startedAt: instantOf(startedAt),
    clockAt: instantOf(clockAt),
    endedAt: endedAt === null ? null : instantOf(endedAt),
    course: {
      number: course.number,
      line: course.line ?? course.number,
      version: versions(course.version),
      anchor: instantOf(course.anchor),
      from: instantOf(course.from),
      trialUntil: course.trialUntil === null ? null : instantOf(course.trialUntil),
    },
    ahead: ahead && restoreAhead(ahead, versions),
    grants: grants.map(({ amount, effectiveAt, expiresAt, end = expiresAt, ...grant }) => ({
      ...grant,
      amount: restoreAmount(amount),
      effectiveAt: instantOf(effectiveAt),
      end: instantOf(end),
      expiresAt: instantOf(expiresAt),
    })),
    overdrafts: overdrafts.map(({ creditTypeId, limit }) => ({ creditTypeId, limit: restoreAmount(limit) })),
  };
}

function restoreAhead(ahead: StoredAhead, versions: Versions): Ahead {
  const at = instantOf(ahead.at);
  return ahead.what === "CHANGE" ? { what: "CHANGE", at, to: versions(ahead.to) } : { what: "CANCEL", at };
}

type StoredAhead =
  | { readonly what: "CANCEL"; readonly at: string }
  | { readonly what: "CHANGE"; readonly at: string; readonly to: number };

interface StoredState
  extends Omit<Subscription, "startedAt" | "clockAt" | "endedAt" | "course" | "ahead" | "grants" | "overdrafts"> {
  readonly startedAt: string;
  readonly clockAt: string;
  readonly endedAt: string | null;
  readonly course: {
    readonly number: number;
    /** Not of what was stored before there were lines. */
    readonly line?: number;
    readonly version: number;
    readonly anchor: string;
    readonly from: string;
    readonly trialUntil: string | null;
  };
  readonly ahead: StoredAhead | null;
  readonly grants: readonly (Omit<PlanGrant, "amount" | "effectiveAt" | "end" | "expiresAt"> & {
    readonly amount: string;
    readonly effectiveAt: string;
    /** Absent from what was stored before there were lives: then it is `expiresAt`. */
    readonly end?: string;
    readonly expiresAt: string;
  })[];
  readonly overdrafts: readonly (Omit<OverdraftLimit, "limit"> & { readonly limit: string })[];
}

/** An act without what has columns of its own: its credit type and its key. */
export function storeAct(act: Act): string {
  switch (act.act) {
    case "grant":
      return JSON.stringify({ act: act.act, terms: storeTerms(act.terms), line: act.line });
    case "void":
      return JSON.stringify({ act: act.act, grant: act.grant, early: storeEarly(act.early) });
    case "keep":
      return JSON.stringify({
        act: act.act,
        grant: act.grant,
        keep: formatAmount(act.keep),
        withdraw: formatAmount(act.withdraw),
        early: storeEarly(act.early),
      });
    case "overdraft":
      return JSON.stringify({ act: act.act, limit: formatAmount(act.limit) });
  }
}

function storeEarly(early: Early | null): Json {
  if (early === null) return null;
  const { line, at, until, unearned } = early;
  return { line, at: formatInstant(at), until: formatInstant(until), unearned: formatAmount(unearned) };
}

function restoreEarly(early: StoredEarly | null | undefined): Early | null {
  if (!early) return null;
  const { line, at, until, unearned } = early;
  return { line, at: instantOf(at), until: instantOf(until), unearned: restoreAmount(unearned) };
}

/** What the next grants are lessened by, as it is kept with an act. */
export function storeOwing({ line, overspent }: Owing): string {
  return JSON.stringify({
    line,
    overspent: overspent.map(({ until, amount }) => ({ until: formatInstant(until), amount: formatAmount(amount) })),
  });
}

/** Reads what `storeOwing` wrote. */
export function restoreOwing(stored: Json): Owing {
  const { line, overspent } = stored as unknown as StoredOwing;
  return {
    line,
    overspent: overspent.map(({ until, amount }) => ({ until: instantOf(until), amount: restoreAmount(amount) })),
  };
}

interface StoredOwing {
  readonly line: number;
  readonly overspent: readonly { readonly until: string; readonly amount: string }[];
}

function storeTerms({ amount, effectiveAt, expiresAt, rollover, ...terms }: GrantTerms): Json {
  return {
    ...(terms as unknown as { readonly [key: string]: Json }),
    amount: formatAmount(amount),
    effectiveAt: formatInstant(effectiveAt),
    expiresAt: textOf(expiresAt),
    rollover: rollover && storeRollover(rollover),
  };
}

function storeRollover({ maximum, until, ...rest }: Rollover) {
  return {
    ...rest,
    maximum: maximum === null ? null : formatAmount(maximum),
    ...(until === undefined ? {} : { until: formatInstant(until) }),
  };
}

interface StoredEarly {
  readonly line: number;
  readonly at: string;
  readonly until: string;
  readonly unearned: string;
}

/** What was stored before anything was taken off has neither `line` nor `early`. */
type StoredAct =
  | { readonly act: "grant"; readonly terms: StoredTerms; readonly line?: number | null }
  | { readonly act: "void"; readonly grant: string; readonly early?: StoredEarly | null }
  | {
      readonly act: "keep";
      readonly grant: string;
      readonly keep: string;
      readonly withdraw: string;
      readonly early?: StoredEarly | null;
    }
  | { readonly act: "overdraft"; readonly limit: string };

interface StoredTerms extends Omit<GrantTerms, "amount" | "effectiveAt" | "expiresAt" | "rollover"> {
  readonly amount: string;
  readonly effectiveAt: string;
  readonly expiresAt: string | null;
  readonly rollover: StoredRollover | null;
}

type Rollover = NonNullable<GrantTerms["rollover"]>;

interface StoredRollover extends Omit<Rollover, "maximum" | "until"> {
  readonly maximum: string | null;
  readonly until?: string;
}

/** Reads what `storeAct` wrote. */
export function restoreAct(stored: Json, creditTypeId: number, idempotencyKey: string): Act {
  const act = stored as unknown as StoredAct;
  const on = { creditTypeId, idempotencyKey };
  switch (act.act) {
    case "grant":
      return { ...on, act: "grant", terms: restoreTerms(act.terms), line: act.line ?? null };
    case "void":
      return { ...on, act: "void", grant: act.grant, early: restoreEarly(act.early) };
    case "keep": {
      const { grant, keep, withdraw, early } = act;
      return {
        ...on,
        act: "keep",
        grant,
        keep: restoreAmount(keep),
        withdraw: restoreAmount(withdraw),
        early: restoreEarly(early),
      };
    }
    case "overdraft":
      return { ...on, act: "overdraft", limit: restoreAmount(act.limit) };
  }
}

function restoreTerms({ amount, effectiveAt, expiresAt, rollover, ...terms }: StoredTerms): GrantTerms {
  return {
    ...terms,
    amount: restoreAmount(amount),
    effectiveAt: instantOf(effectiveAt),
    expiresAt: expiresAt === null ? null : instantOf(expiresAt),
    rollover: rollover && restoreRollover(rollover),
  };
}

function restoreRollover({ maximum, until, ...rest }: StoredRollover): Rollover {
  return {
    ...rest,
    maximum: maximum === null ? null : restoreAmount(maximum),
    ...(until === undefined ? {} : { until: instantOf(until) }),
  };
}

function textOf(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}

function instantOf(text: string): Instant {
  const instant = parseInstant(text);
  assert(instant !== null, `${text} was stored as an instant`);
  return instant;
}
