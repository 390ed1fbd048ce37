import type { Json } from "../../core/json";
import { formatInstant, type Instant } from "../../core/time";
import type { Transaction as Database, Statement } from "../../platform/transaction";
import type { Act } from "../model/commands";
import { nextDueAt } from "../model/course";
import type { Subscription } from "../model/types";
import type { SubscriptionKey } from "../plan";
import type { EventType, SubscriptionOrder } from "../subscription";
import { storeAct, storeState } from "./stored-subscription";

/** The SQL that subscriptions are changed by. What is only read of them is in subscriptions.reads.ts. */

const LOCK_ACCOUNT: Statement = {
  name: "subscriptions.lock_account",
  text: "SELECT time_zone FROM accounts WHERE id = $1 FOR NO KEY UPDATE",
};

/** Has nobody else change a subscription of the account until the transaction ends; answers its time zone; null: no such account. */
export async function lockAccount(database: Database, accountId: string): Promise<string | null> {
  const [found] = await database.query<{ time_zone: string }>(LOCK_ACCOUNT, [accountId]);
  return found?.time_zone ?? null;
}

const TIME_ZONE: Statement = { name: "subscriptions.time_zone", text: "SELECT time_zone FROM accounts WHERE id = $1" };

/** The time zone of an account, without a lock; null: no such account. */
export async function readTimeZone(database: Database, accountId: string): Promise<string | null> {
  const [found] = await database.query<{ time_zone: string }>(TIME_ZONE, [accountId]);
  return found?.time_zone ?? null;
}

/** A subscription's row; what it names of plans is not read with it. */
export interface SubscriptionRecord {
  readonly account_id: string;
  readonly number: number;
  readonly state: Json;
  readonly command_count: number;
  readonly act_count: number;
  readonly test_clock: Instant | null;
}

export const SUBSCRIPTION = "s.account_id, s.number, s.state, s.command_count, s.act_count, a.test_clock";
const OF = `SELECT ${SUBSCRIPTION} FROM subscriptions s JOIN accounts a ON a.id = s.account_id WHERE s.account_id = $1`;

const BY_NUMBER: Statement = { name: "subscriptions.one", text: `${OF} AND s.number = $2` };
const LIVE: Statement = { name: "subscriptions.live", text: `${OF} AND s.status <> 'ENDED'` };

export async function readSubscriptionIn(
  database: Database,
  { accountId, number }: SubscriptionKey,
): Promise<SubscriptionRecord | null> {
  const [found] = await database.query<SubscriptionRecord>(BY_NUMBER, [accountId, number]);
  return found ?? null;
}

/** The subscription that the account is on; null: none. */
export async function readLiveIn(database: Database, accountId: string): Promise<SubscriptionRecord | null> {
  const [found] = await database.query<SubscriptionRecord>(LIVE, [accountId]);
  return found ?? null;
}

const LAST_NUMBER: Statement = {
  name: "subscriptions.last_number",
  text: "SELECT coalesce(max(number), 0) AS number FROM subscriptions WHERE account_id = $1",
};

export async function nextNumber(database: Database, accountId: string): Promise<number> {
  const [found] = await database.query<{ number: number }>(LAST_NUMBER, [accountId]);
  return (found?.number ?? 0) + 1;
}

const BY_KEY: Statement = {
  name: "subscription_commands.by_key",
  text: "SELECT subscription, number, input FROM subscription_commands WHERE account_id = $1 AND idempotency_key = $2",
};

/** What was ordered under a key before. */
export interface FirstUse {
  readonly key: SubscriptionKey;
  readonly event: number;
  readonly input: Readonly<Record<string, Json>>;
}

export async function readFirstUse(database: Database, accountId: string, idempotencyKey: string): Promise<FirstUse | null> {
  type Found = { subscription: number; number: number; input: FirstUse["input"] };
  const [found] = await database.query<Found>(BY_KEY, [accountId, idempotencyKey]);
  return found ? { key: { accountId, number: found.subscription }, event: found.number, input: found.input } : null;
}

const INSERT: Statement = {
  name: "subscriptions.insert",
  text: `
    INSERT INTO subscriptions (account_id, number, revision, status, plan_version_id, ahead_version_id, state, command_count, act_count,
      next_due_at, started_at, ended_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
};

const UPDATE: Statement = {
  name: "subscriptions.update",
  text: `
    UPDATE subscriptions SET revision = $3, status = $4, plan_version_id = $5, ahead_version_id = $6, state = $7, command_count = $8,
      act_count = $9, next_due_at = $10, started_at = $11, ended_at = $12
    WHERE account_id = $1 AND number = $2`,
};

const SET_PLAN: Statement = {
  name: "subscriptions.set_plan",
  text: `
    UPDATE accounts SET plan_id = (SELECT plan_id FROM plan_versions WHERE id = $2)
    WHERE id = $1 AND plan_id IS DISTINCT FROM (SELECT plan_id FROM plan_versions WHERE id = $2)`,
};

/** What was done about a subscription, and what came of it. */
export interface Happening {
  readonly state: Subscription;
  readonly acts: readonly Act[];
  readonly type: EventType;
  /** Counted with this one. */
  readonly event: number;
  /** Of the acts before. */
  readonly actCount: number;
  readonly at: Instant;
  /** Null: what time alone did. */
  readonly order: SubscriptionOrder | null;
}

/** Writes the subscription as it is now, what was done about it, and what is to be done to the wallets: all or nothing. */
export function writeHappening(database: Database, happening: Happening): void {
  const { state, event, actCount, acts } = happening;
  const { accountId, number, revision, status, course, ahead, startedAt, endedAt } = state;
  const versionId = Number(course.version.id);
  const aheadId = ahead?.what === "CHANGE" ? Number(ahead.to.id) : null;
  const due = nextDueAt(state);
  database.send(event === 1 ? INSERT : UPDATE, [
    ...[accountId, number, revision, status, versionId, aheadId, storeState(state), event, actCount + acts.length],
    ...[due === null ? null : formatInstant(due), formatInstant(startedAt), endedAt === null ? null : formatInstant(endedAt)],
  ]);
  database.send(SET_PLAN, [accountId, status === "ENDED" ? null : versionId]);
  writeEvent(database, happening);
  if (acts.length > 0) writeActs(database, happening);
}

const INSERT_EVENT: Statement = {
  name: "subscription_commands.insert",
  text: `
    INSERT INTO subscription_commands (account_id, subscription, number, type, input, idempotency_key, revision, status,
      plan_version_id, actor, reason, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
};

function writeEvent(database: Database, { state, event, type, at, order }: Happening): void {
  const { accountId, number, revision, status, course } = state;
  const { version } = course;
  database.send(INSERT_EVENT, [
    ...[accountId, number, event, type, order && JSON.stringify(order.input), order?.idempotencyKey ?? null, revision, status],
    ...[Number(version.id), order?.actor ?? planActor(version.plan), order?.reason ?? null, formatInstant(at)],
  ]);
}

/** Who does what a plan does by itself. */
export function planActor(plan: string): string {
  return `plan:${plan}`;
}

const INSERT_ACTS: Statement = {
  name: "subscription_acts.insert",
  text: `
    INSERT INTO subscription_acts (account_id, subscription, number, command, credit_type_id, idempotency_key, plan, act)
    SELECT $1, $2, $3 + a.position, $4, a.credit_type_id, a.idempotency_key, $5, a.act
    FROM unnest($6::integer[], $7::text[], $8::jsonb[]) WITH ORDINALITY AS a (credit_type_id, idempotency_key, act, position)`,
};

function writeActs(database: Database, { state, acts, event, actCount }: Happening): void {
  const { accountId, number, course } = state;
  database.send(INSERT_ACTS, [
    ...[accountId, number, actCount, event, course.version.plan],
    ...[acts.map((act) => act.creditTypeId), acts.map((act) => act.idempotencyKey), acts.map(storeAct)],
  ]);
}

const AHEAD: Statement = {
  name: "subscriptions.ahead_of",
  text: `
    SELECT (SELECT min(next_due_at) FROM subscriptions WHERE account_id = $1 AND next_due_at IS NOT NULL) AS at,
      EXISTS (SELECT FROM subscription_acts WHERE account_id = $1 AND performed_at IS NULL) AS unfinished`,
};

/**
 * The next instant at which time alone changes a subscription of the account (null: there is none), and whether something is yet to be
 * done to its wallets.
 */
export async function readAheadOf(
  database: Database,
  accountId: string,
): Promise<{ readonly at: Instant | null; readonly unfinished: boolean }> {
  const [found] = await database.query<{ at: Instant | null; unfinished: boolean }>(AHEAD, [accountId]);
  return { at: found?.at ?? null, unfinished: found?.unfinished === true };
}
