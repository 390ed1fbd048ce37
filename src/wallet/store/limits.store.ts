import type { CalendarUnit, Instant } from "../../core/time";
import type { Transaction as Database, Statement } from "../../platform/transaction";
import type { Limit, Member, WalletKey } from "../model/types";
import { instant, update } from "./set-statements";

/** All SQL about what members may take of a wallet. Who they are is written elsewhere. */

/** A member of the account whose wallet it is. */
export interface NamedMember {
  readonly key: WalletKey;
  /** Its number. */
  readonly number: number;
}

export const LIMIT_COLUMNS = "number, operations, every, amount, used, window_from, window_until";

export interface LimitRecord {
  readonly number: number;
  readonly operations: string[];
  readonly every: CalendarUnit;
  readonly amount: bigint;
  readonly used: bigint;
  readonly window_from: Instant;
  readonly window_until: Instant;
}

/** A member with one of its limits in a wallet; without any, all of the limit's columns are null. */
export type MemberRecord = (LimitRecord | { readonly number: null }) & {
  readonly account_id: string;
  readonly credit_type_id: number;
  readonly member: number;
  readonly removed: boolean;
};

const MEMBERS: Statement = {
  name: "members.load",
  text: `
    SELECT k.account_id, k.credit_type_id, k.member, m.removed, l.*
    FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS k (account_id, credit_type_id, member)
    CROSS JOIN LATERAL (
      SELECT m.removed_at IS NOT NULL AS removed FROM members m
      WHERE m.account_id = k.account_id AND m.number = k.member OFFSET 0) m
    LEFT JOIN LATERAL (
      SELECT ${LIMIT_COLUMNS} FROM spending_limits l
      WHERE l.account_id = k.account_id AND l.credit_type_id = k.credit_type_id AND l.member = k.member OFFSET 0) l ON true
    ORDER BY l.number`,
};

/** Members with their limits in these wallets, a row for each limit; at least one for each member. Those that do not exist are missing. */
export function readMembers(database: Database, named: readonly NamedMember[]): Promise<readonly MemberRecord[]> {
  const [accounts, creditTypes] = [named.map(({ key }) => key.accountId), named.map(({ key }) => key.creditTypeId)];
  return database.query<MemberRecord>(MEMBERS, [accounts, creditTypes, named.map(({ number }) => number)]);
}

/** What else names a member. */
interface OfMember {
  readonly account_id: string;
  readonly credit_type_id: number;
  readonly member: number | null;
}

/** The members of holds and spends, but for those that are read already. Nearly always there are none, and nothing is asked. */
export async function readOtherMembers(
  database: Database,
  known: readonly NamedMember[],
  records: readonly OfMember[],
): Promise<readonly MemberRecord[]> {
  const others = new Map<string, NamedMember>();
  for (const { account_id: accountId, credit_type_id: creditTypeId, member } of records)
    if (member !== null)
      others.set(`${accountId}/${creditTypeId}/${member}`, { key: { accountId, creditTypeId }, number: member });
  for (const { key, number } of known) others.delete(`${key.accountId}/${key.creditTypeId}/${number}`);
  return others.size === 0 ? [] : readMembers(database, [...others.values()]);
}

/** The members of one wallet. */
export function toMembers(records: readonly MemberRecord[]): readonly Member[] {
  const members = new Map<number, { number: number; removed: boolean; limits: Limit[] }>();
  for (const record of records) {
    const { member: number, removed } = record;
    const member = members.get(number) ?? { number, removed, limits: [] };
    if (record.number !== null) member.limits.push(toLimit(record));
    members.set(number, member);
  }
  return [...members.values()];
}

export function toLimit({ number, operations, every, amount, used, window_from: from, window_until: until }: LimitRecord): Limit {
  return { number, operations, interval: every, amount, used, window: { from, until } };
}

export interface LimitWrite {
  readonly key: WalletKey;
  readonly member: number;
  readonly limit: Limit;
}

/** What is used of limits, as a batch leaves it. */
export const UPDATE_LIMITS = update<LimitWrite>("count", "spending_limits", "number", [
  ["account_id", "uuid", (row) => row.key.accountId],
  ["credit_type_id", "integer", (row) => row.key.creditTypeId],
  ["number", "integer", (row) => row.limit.number],
  ["used", "bigint", (row) => row.limit.used],
  ["window_from", "timestamptz", (row) => instant(row.limit.window.from)],
  ["window_until", "timestamptz", (row) => instant(row.limit.window.until)],
]);
