import { isDeepStrictEqual } from "node:util";
import type { Instant } from "../../../src/core/time";
import { numberedId } from "../../../src/wallet/ids";
import { catchUp, nextDueAt } from "../../../src/wallet/model/catch-up";
import type { Wallet } from "../../../src/wallet/model/types";
import { same } from "../../support/auditor/expect";
import { type Shown, showBalance, showGrant } from "./shown";

/** As `same`, of those fields only that were asked for. */
export function sameAsAsked(found: Shown, expected: Shown, what: string): void {
  same(found, Object.fromEntries(Object.keys(found).map((field) => [field, expected[field]])), what);
}

/** One of them: of what is shown as it is at the moment of an answer, which nobody else knows exactly. */
export function sameAsOne(found: Shown, candidates: readonly Shown[], what: string): void {
  const asked = candidates.map((one) => Object.fromEntries(Object.keys(found).map((field) => [field, one[field]])));
  if (!asked.some((one) => isDeepStrictEqual(found, one))) same(found, asked.at(-1), `${what} (and ${asked.length - 1} others)`);
}

/** How a wallet looks from one instant to another while nobody writes to it: things fall due. */
export function viewsOf(wallet: Wallet, from: Instant, to: Instant): readonly Wallet[] {
  const views = [catchUp(wallet, from).wallet];
  const due = (): Instant | null => nextDueAt(views.at(-1) as Wallet);
  for (let at = due(); at !== null && at <= to; at = due()) views.push(catchUp(wallet, at).wallet);
  return views;
}

/** A balance as of some instant from one to another. */
export function sameBalance(found: Shown, states: readonly Wallet[], from: Instant, to: Instant, what: string): void {
  const views = states.flatMap((state) => viewsOf(state, from, to));
  sameAsOne(
    found,
    views.map(({ balance }) => showBalance(balance)),
    what,
  );
}

/**
 * Grants, in whatever order, as of some instant from one to another: their pots are those of one of the states, and their status goes
 * with time.
 */
export function sameGrants(
  found: readonly Shown[],
  numbers: readonly number[],
  states: readonly Wallet[],
  from: Instant,
  to: Instant,
): void {
  const byId = new Map(found.map((grant) => [grant["id"], grant]));
  const ids = numbers.map((number) => numberedId("grant", (states[0] as Wallet).key, number));
  same(new Set(byId.keys()), new Set(ids), "which grants are shown");
  numbers.forEach((number, index) => {
    const grants = states.flatMap((state) => state.grants[number - 1] ?? []);
    const candidates = grants.flatMap((grant) => {
      const turns = [grant.effectiveAt, grant.expiresAt].filter((at) => at !== null && at > from && at < to);
      return [from, ...turns, to].map((at) => showGrant(grant, states[0] as Wallet, at as Instant));
    });
    sameAsOne(byId.get(ids[index]) as Shown, candidates, `grant ${number}`);
  });
}
