import type { Amount } from "../../core/amount";
import { calendarSpan, type Instant } from "../../core/time";
import type { Limit, Member, Wallet } from "./types";
import { matches } from "./waterfall";

/** What a member of a team may take in a day, week, month or year. Credits count in the window in which they were taken. */

/** A limit as it is at an instant: of a window that has begun since, nothing is used. */
export function limitAt(limit: Limit, now: Instant, timeZone: string): Limit {
  if (now < limit.window.until) return limit;
  return { ...limit, window: calendarSpan(limit.interval, now, timeZone), used: 0n };
}

/** What a member is limited to, as it is at the wallet's own time. */
export function limitsOf({ members, clockAt, timeZone }: Wallet, number: number): readonly Limit[] {
  const member = members.find((one) => one.number === number);
  return (member?.limits ?? []).map((limit) => limitAt(limit, clockAt, timeZone));
}

/** What may still be taken; nothing when the limit was lowered below what was. */
export function roomIn({ amount, used }: Limit): Amount {
  return used < amount ? amount - used : 0n;
}

/** Of the limits that count an operation, the one that leaves the least room now; null: there is none. */
export function tightestLimit({ limits }: Member, operation: string | null, now: Instant, timeZone: string): Limit | null {
  let tightest: Limit | null = null;
  for (const limit of limits) {
    if (!matches(limit.operations, operation)) continue;
    const current = limitAt(limit, now, timeZone);
    if (tightest === null || roomIn(current) < roomIn(tightest)) tightest = current;
  }
  return tightest;
}

/**
 * From when on all limits that count an operation have room for an amount, if nothing else is taken until then; null: never, as it is more
 * than one of them ever allows.
 */
export function roomFrom(
  { limits }: Member,
  operation: string | null,
  amount: Amount,
  now: Instant,
  timeZone: string,
): Instant | null {
  let from = now;
  for (const limit of limits) {
    if (!matches(limit.operations, operation)) continue;
    if (limit.amount < amount) return null;
    const current = limitAt(limit, now, timeZone);
    if (roomIn(current) < amount && current.window.until > from) from = current.window.until;
  }
  return from;
}

/** The member after taking credits: every limit that counts the operation has that much more used. */
export function taken(member: Member, operation: string | null, amount: Amount, now: Instant, timeZone: string): Member {
  if (amount === 0n) return member;
  return change(member, operation, (limit) => {
    const current = limitAt(limit, now, timeZone);
    return { ...current, used: current.used + amount };
  });
}

/** The member after credits that were taken at an instant came back: only the window of that instant has room for them again. */
export function givenBack(member: Member, operation: string | null, amount: Amount, takenAt: Instant): Member {
  if (amount === 0n) return member;
  return change(member, operation, (limit) => {
    const { from, until } = limit.window;
    return from <= takenAt && takenAt < until ? { ...limit, used: limit.used - amount } : limit;
  });
}

function change(member: Member, operation: string | null, to: (limit: Limit) => Limit): Member {
  return { ...member, limits: member.limits.map((limit) => (matches(limit.operations, operation) ? to(limit) : limit)) };
}
