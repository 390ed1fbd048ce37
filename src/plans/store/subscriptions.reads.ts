import type { Pool } from "pg";
import type { Amount } from "../../core/amount";
import type { Json } from "../../core/json";
import { formatInstant, type Instant } from "../../core/time";
import { readRows, type Statement } from "../../platform/transaction";
import { bothWays, type Page, pageOf, rangeOf, type Window } from "../../platform/window";
import { OWING_NOTHING, type Owing } from "../model/owing";
import type { SubscriptionStatus } from "../model/types";
import type { SubscriptionKey } from "../plan";
import type { ActOutcome, EventType, PlanAct, SubscriptionEvent } from "../subscription";
import { restoreAct, restoreOwing, storeOwing } from "./stored-subscription";
import { SUBSCRIPTION, type SubscriptionRecord } from "./subscriptions.store";

/** What is read of subscriptions, of what was done about them, and of what they did to the wallets. */

const FROM = "subscriptions s JOIN accounts a ON a.id = s.account_id";

const BY_KEYS: Statement = {
  name: "subscriptions.by_keys",
  text: `
    SELECT ${SUBSCRIPTION} FROM unnest($1::uuid[], $2::integer[]) AS k (account_id, number)
    JOIN subscriptions s ON s.account_id = k.account_id AND s.number = k.number JOIN accounts a ON a.id = s.account_id`,
};

/** Subscriptions by their names, those that there are. */
export function readSubscriptions(pool: Pool, keys: readonly SubscriptionKey[]): Promise<readonly SubscriptionRecord[]> {
  return readRows<SubscriptionRecord>(pool, BY_KEYS, [keys.map((key) => key.accountId), keys.map((key) => key.number)]);
}

const LIVE_OF: Statement = {
  name: "subscriptions.live_of",
  text: `SELECT ${SUBSCRIPTION} FROM ${FROM} WHERE s.account_id = ANY ($1::uuid[]) AND s.status <> 'ENDED'`,
};

/** The subscriptions that accounts are on: of each account one, or none. */
export function readLive(pool: Pool, accountIds: readonly string[]): Promise<readonly SubscriptionRecord[]> {
  return readRows<SubscriptionRecord>(pool, LIVE_OF, [accountIds]);
}

const HAS_SUBSCRIBED: Statement = {
  name: "subscriptions.has_subscribed",
  text: `
    SELECT FROM subscriptions s JOIN plan_versions v ON v.id = s.plan_version_id WHERE s.account_id = $1 AND v.plan_id = $2 LIMIT 1`,
};

/** Whether a subscription of the account is on the plan, or was when it ended. */
export async function hasSubscribed(pool: Pool, accountId: string, planId: number): Promise<boolean> {
  return (await readRows(pool, HAS_SUBSCRIBED, [accountId, planId])).length > 0;
}

const PAGE_OF = bothWays(
  "subscriptions.page_of",
  (direction) => `
    SELECT ${SUBSCRIPTION} FROM ${FROM}
    WHERE s.account_id = $1 AND s.number > $2::bigint AND s.number < $3::bigint ORDER BY s.number ${direction} LIMIT $4`,
);

/** A part of an account's subscriptions. */
export async function pageSubscriptionsOf(pool: Pool, accountId: string, window: Window): Promise<Page<SubscriptionRecord>> {
  const { descending, above, below } = rangeOf(window);
  return pageOf(
    await readRows<SubscriptionRecord>(pool, PAGE_OF(descending), [accountId, above, below, window.limit + 1]),
    window,
  );
}

/** Which subscriptions; null: whichever. */
export interface SubscriptionFilter {
  readonly planVersionIds: readonly number[] | null;
  readonly status: SubscriptionStatus | null;
}

// By account, which is in the order in which accounts were made.
const PAGE = bothWays(
  "subscriptions.page",
  (direction) => `
    SELECT ${SUBSCRIPTION} FROM ${FROM}
    WHERE ($1::integer[] IS NULL OR s.plan_version_id = ANY ($1)) AND ($2::text IS NULL OR s.status = $2)
      AND ($3::uuid IS NULL OR (s.account_id, s.number) > ($3, $4::integer))
      AND ($5::uuid IS NULL OR (s.account_id, s.number) < ($5, $6::integer))
    ORDER BY s.account_id ${direction}, s.number ${direction} LIMIT $7`,
);

/** A part of all subscriptions, by account. */
export async function pageSubscriptions(
  pool: Pool,
  { planVersionIds, status }: SubscriptionFilter,
  window: KeyWindow,
): Promise<Page<SubscriptionRecord>> {
  const values = [planVersionIds, status, ...boundsOf(window), window.limit + 1];
  return pageOf(await readRows<SubscriptionRecord>(pool, PAGE(window.fromEnd), values), window);
}

export type KeyWindow = Pick<Window<SubscriptionKey>, "after" | "before" | "limit" | "fromEnd">;

function boundsOf({ after, before }: KeyWindow): readonly (string | number | null)[] {
  return [after?.accountId ?? null, after?.number ?? null, before?.accountId ?? null, before?.number ?? null];
}

/** Whom a migration from these plan versions is about: who is on one of them, or is to come to one. */
export function isAbout(versionIds: string): string {
  return `status <> 'ENDED' AND (plan_version_id = ANY (${versionIds}) OR ahead_version_id = ANY (${versionIds}))`;
}

const PAGE_ABOUT = bothWays(
  "subscriptions.page_about",
  (direction) => `
    SELECT ${SUBSCRIPTION} FROM (
      SELECT * FROM subscriptions
      WHERE ${isAbout("$1::integer[]")}
        AND ($2::uuid IS NULL OR (account_id, number) > ($2, $3::integer))
        AND ($4::uuid IS NULL OR (account_id, number) < ($4, $5::integer))
      ORDER BY account_id ${direction}, number ${direction} LIMIT $6) s
    JOIN accounts a ON a.id = s.account_id
    ORDER BY s.account_id ${direction}, s.number ${direction}`,
);

/** A part of those whom a migration from these versions is about, by account. */
export async function pageAbout(
  pool: Pool,
  planVersionIds: readonly number[],
  window: KeyWindow,
): Promise<Page<SubscriptionRecord>> {
  const values = [planVersionIds, ...boundsOf(window), window.limit + 1];
  return pageOf(await readRows<SubscriptionRecord>(pool, PAGE_ABOUT(window.fromEnd), values), window);
}

const COUNT: Statement = {
  name: "subscriptions.count",
  text: `SELECT count(*)::integer AS count FROM subscriptions WHERE ${isAbout("$1")}`,
};

/** How many a migration from these versions is about. */
export async function countAbout(pool: Pool, planVersionIds: readonly number[]): Promise<number> {
  const [found] = await readRows<{ count: number }>(pool, COUNT, [planVersionIds]);
  return found?.count ?? 0;
}

const EVENT = "account_id, subscription, number, type, at, actor, reason, status, plan_version_id";

interface EventRecord {
  readonly account_id: string;
  readonly subscription: number;
  readonly number: number;
  readonly type: EventType;
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string | null;
  readonly status: SubscriptionStatus;
  readonly plan_version_id: number;
}

const EVENTS = bothWays(
  "subscription_commands.page",
  (direction) => `
    SELECT ${EVENT} FROM subscription_commands
    WHERE account_id = $1 AND subscription = $2 AND number > $3::bigint AND number < $4::bigint ORDER BY number ${direction} LIMIT $5`,
);

/** A part of what was done about a subscription. */
export async function pageEvents(pool: Pool, key: SubscriptionKey, window: Window): Promise<Page<SubscriptionEvent>> {
  const { descending, above, below } = rangeOf(window);
  const values = [key.accountId, key.number, above, below, window.limit + 1];
  return pageOf((await readRows<EventRecord>(pool, EVENTS(descending), values)).map(toEvent), window);
}

function toEvent(record: EventRecord): SubscriptionEvent {
  const { account_id: accountId, subscription, number, type, at, actor, reason, status } = record;
  const key = { accountId, number: subscription };
  return { key, number, type, at, actor, reason, status, planVersionId: record.plan_version_id };
}

const ACT = `a.account_id, a.subscription, a.number, a.command, a.credit_type_id, a.idempotency_key, a.plan, a.act, a.performed_at,
  a.outcome, a.sequence, a.grant_number, a.amount`;

interface ActRecord {
  readonly account_id: string;
  readonly subscription: number;
  readonly number: number;
  readonly command: number;
  readonly credit_type_id: number;
  readonly idempotency_key: string;
  readonly plan: string;
  readonly act: Json;
  readonly performed_at: Instant | null;
  readonly outcome: ActOutcome | null;
  readonly sequence: bigint | null;
  readonly grant_number: number | null;
  readonly amount: bigint | null;
}

function toAct(record: ActRecord): PlanAct {
  const { account_id: accountId, subscription, number, command, credit_type_id: creditTypeId, plan } = record;
  const { performed_at: performedAt, outcome, sequence, grant_number: grant, amount } = record;
  const act = restoreAct(record.act, creditTypeId, record.idempotency_key);
  const done = { performedAt, outcome, sequence: sequence === null ? null : Number(sequence), grant, amount };
  return { key: { accountId, number: subscription }, number, event: command, plan, act, ...done };
}

const ACTS_OF: Statement = {
  name: "subscription_acts.of_events",
  text: `
    SELECT ${ACT} FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS k (account_id, subscription, command)
    JOIN subscription_acts a ON a.account_id = k.account_id AND a.subscription = k.subscription AND a.command = k.command
    ORDER BY a.account_id, a.subscription, a.number`,
};

/** Names what was done about a subscription. */
export interface EventKey {
  readonly key: SubscriptionKey;
  readonly number: number;
}

/** What came of these for the wallets, in order. */
export async function readActsOf(pool: Pool, events: readonly EventKey[]): Promise<readonly PlanAct[]> {
  const accounts = events.map(({ key }) => key.accountId);
  const values = [accounts, events.map(({ key }) => key.number), events.map(({ number }) => number)];
  return (await readRows<ActRecord>(pool, ACTS_OF, values)).map(toAct);
}

const OUTSTANDING: Statement = {
  name: "subscription_acts.outstanding",
  text: `
    SELECT ${ACT} FROM subscription_acts a
    WHERE a.account_id = $1 AND a.performed_at IS NULL AND NOT a.credit_type_id = ANY ($3::integer[])
    ORDER BY a.subscription, a.number LIMIT $2`,
};

/** What is to be done to an account's wallets yet, in order; but for the wallets of some credit types. */
export async function readOutstanding(
  pool: Pool,
  accountId: string,
  limit: number,
  without: readonly number[],
): Promise<readonly PlanAct[]> {
  return (await readRows<ActRecord>(pool, OUTSTANDING, [accountId, limit, without])).map(toAct);
}

/** What falls due by a test clock is passed over; a subquery for a value is asked for each row, of which there are few. */
const BY_REAL_CLOCK = "(SELECT a.test_clock FROM accounts a WHERE a.id = s.account_id) IS NULL";

const DUE: Statement = {
  name: "subscriptions.due",
  text: `
    SELECT s.account_id, s.number FROM subscriptions s WHERE s.next_due_at <= $1 AND ${BY_REAL_CLOCK} ORDER BY s.next_due_at LIMIT $2`,
};

/** The subscriptions that time has changed by `now`, the longest overdue first. */
export async function readDueSubscriptions(pool: Pool, now: Instant, limit: number): Promise<readonly SubscriptionKey[]> {
  return (await readRows<KeyRecord>(pool, DUE, [formatInstant(now), limit])).map(toKey);
}

const NEXT_DUE: Statement = {
  name: "subscriptions.next_due",
  text: `SELECT s.next_due_at AS at FROM subscriptions s WHERE s.next_due_at > $1 AND ${BY_REAL_CLOCK} ORDER BY s.next_due_at LIMIT 1`,
};

/** The next instant after `now` at which time changes a subscription. */
export async function readNextDueSubscription(pool: Pool, now: Instant): Promise<Instant | null> {
  const [next] = await readRows<{ at: Instant }>(pool, NEXT_DUE, [formatInstant(now)]);
  return next?.at ?? null;
}

const UNFINISHED: Statement = {
  name: "subscription_acts.unfinished",
  text: "SELECT DISTINCT account_id FROM subscription_acts WHERE performed_at IS NULL ORDER BY account_id LIMIT $1",
};

/** The accounts to whose wallets something is to be done yet, whatever clock they live by. */
export async function readUnfinished(pool: Pool, limit: number): Promise<readonly string[]> {
  return (await readRows<{ account_id: string }>(pool, UNFINISHED, [limit])).map(({ account_id: accountId }) => accountId);
}

interface KeyRecord {
  readonly account_id: string;
  readonly number: number;
}

function toKey({ account_id: accountId, number }: KeyRecord): SubscriptionKey {
  return { accountId, number };
}

const GRANTS: Statement = {
  name: "subscription_acts.grants",
  text: `
    SELECT a.account_id, a.idempotency_key, a.grant_number FROM unnest($1::uuid[], $2::text[]) AS k (account_id, idempotency_key)
    JOIN subscription_acts a ON a.account_id = k.account_id AND a.idempotency_key = k.idempotency_key
    WHERE a.grant_number IS NOT NULL`,
};

/** A grant as the subscription names it. */
export interface GrantName {
  readonly accountId: string;
  readonly grantKey: string;
}

/** The numbers of grants that subscriptions made, in the order asked; null: not made, or not yet. */
export async function readGrantNumbers(pool: Pool, names: readonly GrantName[]): Promise<readonly (number | null)[]> {
  type Found = { account_id: string; idempotency_key: string; grant_number: number };
  const values = [names.map(({ accountId }) => accountId), names.map(({ grantKey }) => grantKey)];
  const found = await readRows<Found>(pool, GRANTS, values);
  const numbers = new Map(found.map((one) => [`${one.account_id} ${one.idempotency_key}`, one.grant_number]));
  return names.map(({ accountId, grantKey }) => numbers.get(`${accountId} ${grantKey}`) ?? null);
}

const AMOUNTS: Statement = {
  name: "subscription_acts.amounts",
  text: `
    SELECT k.place, a.amount FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS k (account_id, idempotency_key, place)
    JOIN subscription_acts a ON a.account_id = k.account_id AND a.idempotency_key = k.idempotency_key`,
};

/** How much was really given by grants that subscriptions made, in the order asked; null: not yet. */
export async function readGivenAmounts(pool: Pool, names: readonly GrantName[]): Promise<readonly (Amount | null)[]> {
  const values = [names.map(({ accountId }) => accountId), names.map(({ grantKey }) => grantKey)];
  const found = await readRows<{ place: bigint; amount: bigint | null }>(pool, AMOUNTS, values);
  const amounts = new Map(found.map(({ place, amount }) => [Number(place), amount]));
  return names.map((_, index) => amounts.get(index + 1) ?? null);
}

const DONE: Statement = {
  name: "subscription_acts.done",
  text: `
    UPDATE subscription_acts SET performed_at = $4, outcome = $5, sequence = $6, grant_number = $7, amount = $8, owing = $9
    WHERE account_id = $1 AND subscription = $2 AND number = $3 AND performed_at IS NULL`,
};

/** Keeps what became of an act; the first to say so is right, and others say the same. */
export async function markPerformed(
  pool: Pool,
  { key, number }: PlanAct,
  at: Instant,
  { outcome, sequence, grant, amount, owing }: Performed,
): Promise<void> {
  const result = [outcome, sequence, grant, amount, owing && storeOwing(owing)];
  await readRows(pool, DONE, [key.accountId, key.number, number, formatInstant(at), ...result]);
}

/** What became of an act. */
export interface Performed extends Pick<PlanAct, "sequence" | "grant" | "amount"> {
  readonly outcome: ActOutcome;
  /** What is owed after it, if it changed that. */
  readonly owing: Owing | null;
}

const OWING: Statement = {
  name: "subscription_acts.owing",
  text: `
    SELECT k.place, o.owing
    FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[])
      WITH ORDINALITY AS k (account_id, subscription, credit_type_id, before, place)
    CROSS JOIN LATERAL (
      SELECT a.owing FROM subscription_acts a
      WHERE a.account_id = k.account_id AND a.subscription = k.subscription AND a.credit_type_id = k.credit_type_id
        AND a.owing IS NOT NULL AND (k.before IS NULL OR a.number < k.before)
      ORDER BY a.number DESC LIMIT 1) o`,
};

/** What a subscription owes in a credit type: before one of its acts, or after all that were performed. */
export interface OwingName {
  readonly key: SubscriptionKey;
  readonly creditTypeId: number;
  readonly before?: number;
}

/** In the order asked. */
export async function readOwings(pool: Pool, names: readonly OwingName[]): Promise<readonly Owing[]> {
  const found = await readRows<{ place: bigint; owing: Json }>(pool, OWING, [
    names.map(({ key }) => key.accountId),
    names.map(({ key }) => key.number),
    names.map(({ creditTypeId }) => creditTypeId),
    names.map(({ before }) => before ?? null),
  ]);
  const owings = new Map(found.map(({ place, owing }) => [Number(place), restoreOwing(owing)]));
  return names.map((_, index) => owings.get(index + 1) ?? OWING_NOTHING);
}
