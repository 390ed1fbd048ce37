import type { Pool } from "pg";
import { formatInstant, type Instant } from "../core/time";
import { readRows, type Statement, type Transaction } from "../platform/transaction";
import { bothWays, type Page, pageOf, rangeOf, type Window } from "../platform/window";
import type { Member, MemberKey } from "./member";

/** All SQL about members of teams. What they may take is the wallet's. */

const COLUMNS = "m.account_id, m.number, m.external_id, m.name, m.created_at, m.removed_at";

interface MemberRecord {
  readonly account_id: string;
  readonly number: number;
  readonly external_id: string;
  readonly name: string | null;
  readonly created_at: Instant;
  readonly removed_at: Instant | null;
}

const LOCK: Statement = {
  name: "members.lock",
  text: "SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE",
};

/** Has nobody else change who an account's members are until the transaction ends; false when there is no such account. */
export async function lockMembers(database: Transaction, accountId: string): Promise<boolean> {
  return (await database.query(LOCK, [accountId])).length > 0;
}

const BY_EXTERNAL_ID: Statement = {
  name: "members.by_external_id",
  text: `SELECT ${COLUMNS} FROM members m WHERE m.account_id = $1 AND m.external_id = $2`,
};

/** The member, or who was one, by the operator's id for the person; null: there never was one. */
export async function readMember(database: Transaction, accountId: string, externalId: string): Promise<Member | null> {
  const [found] = await database.query<MemberRecord>(BY_EXTERNAL_ID, [accountId, externalId]);
  return found ? toMember(found) : null;
}

const INSERT: Statement = {
  name: "members.insert",
  text: `
    WITH m AS (
      INSERT INTO members (account_id, number, external_id, name, created_at)
      SELECT $1, coalesce(max(o.number), 0) + 1, $2, $3, $4 FROM members o WHERE o.account_id = $1
      RETURNING *)
    SELECT ${COLUMNS} FROM m`,
};

/** Adds a member under the account's lock. */
export async function insertMember(
  database: Transaction,
  { accountId, externalId, name }: Pick<Member, "accountId" | "externalId" | "name">,
  now: Instant,
): Promise<Member> {
  const [made] = await database.query<MemberRecord>(INSERT, [accountId, externalId, name, formatInstant(now)]);
  return toMember(made as MemberRecord);
}

const UPDATE: Statement = {
  name: "members.update",
  text: "UPDATE members SET name = $3, removed_at = $4 WHERE account_id = $1 AND number = $2",
};

/** Writes what may change of a member. */
export function updateMember(database: Transaction, { accountId, number, name, removedAt }: Member): void {
  database.send(UPDATE, [accountId, number, name, removedAt === null ? null : formatInstant(removedAt)]);
}

const BY_KEY: Statement = {
  name: "members.by_key",
  text: `
    SELECT ${COLUMNS} FROM unnest($1::uuid[], $2::integer[]) AS k (account_id, number)
    JOIN members m ON m.account_id = k.account_id AND m.number = k.number`,
};

/** Members by account and number, those who were removed among them, in the order asked; null where there is none. */
export async function readMembers(pool: Pool, keys: readonly MemberKey[]): Promise<readonly (Member | null)[]> {
  const values = [keys.map(({ accountId }) => accountId), keys.map(({ number }) => number)];
  const found = (await readRows<MemberRecord>(pool, BY_KEY, values)).map(toMember);
  const byKey = new Map(found.map((member) => [textOf(member), member]));
  return keys.map((key) => byKey.get(textOf(key)) ?? null);
}

/** The same text for the same member. */
export function textOf({ accountId, number }: MemberKey): string {
  return `${accountId}/${number}`;
}

const PAGE = bothWays(
  "members.page",
  (direction) => `
    SELECT ${COLUMNS} FROM members m
    WHERE m.account_id = $1 AND m.number > $2::bigint AND m.number < $3::bigint AND m.removed_at IS NULL
    ORDER BY m.number ${direction} LIMIT $4`,
);

/** A part of an account's members, without those who were removed; the first of them first. */
export async function pageMembers(pool: Pool, accountId: string, window: Window): Promise<Page<Member>> {
  const { descending, above, below } = rangeOf(window);
  const records = await readRows<MemberRecord>(pool, PAGE(descending), [accountId, above, below, window.limit + 1]);
  return pageOf(records.map(toMember), window);
}

function toMember(record: MemberRecord): Member {
  const { account_id: accountId, number, external_id: externalId, name } = record;
  return { accountId, number, externalId, name, createdAt: record.created_at, removedAt: record.removed_at };
}
