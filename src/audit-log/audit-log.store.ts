import type { Pool } from "pg";
import type { Json } from "../core/json";
import { formatInstant, type Instant } from "../core/time";
import { readRows, type Statement } from "../platform/transaction";
import { type Page, pageOf, rangeOf, type Window } from "../platform/window";
import type { AuditEntry, AuditFilter } from "./audit-entry";

/** All SQL that reads the audit log. It is written by `platform/act.ts`, with what the acts did. */

const COLUMNS = "id, at, actor, action, subject, account_id, before, after, reason";

interface AuditRecord {
  readonly id: bigint;
  readonly at: Instant;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly account_id: string | null;
  readonly before: Json | null;
  readonly after: Json | null;
  readonly reason: string | null;
}

/** What a filter asks of a column. */
const CONDITIONS = {
  actor: "actor = ",
  action: "action = ",
  subject: "subject = ",
  accountId: "account_id = ",
  from: "at >= ",
  to: "at < ",
} as const satisfies Readonly<Record<keyof AuditFilter, string>>;
const FILTERS = Object.keys(CONDITIONS) as (keyof AuditFilter)[];

/** With the conditions that are asked for and no others: each text has a plan of its own, by the index that serves it. */
function pageStatement(asked: readonly (keyof AuditFilter)[], descending: boolean): Statement {
  const conditions = asked.map((name, index) => ` AND ${CONDITIONS[name]}$${index + 4}`);
  const direction = descending ? "DESC" : "ASC";
  return {
    name: `audit_log.page_${[...asked, direction].join("_")}`,
    text: `SELECT ${COLUMNS} FROM audit_log WHERE id > $1 AND id < $2${conditions.join("")} ORDER BY id ${direction} LIMIT $3`,
  };
}

/** A part of the log. */
export async function pageEntries(pool: Pool, filter: AuditFilter, window: Window): Promise<Page<AuditEntry>> {
  const { descending, above, below } = rangeOf(window);
  const asked = FILTERS.filter((name) => filter[name] !== null);
  const values = asked.map((name) => (typeof filter[name] === "bigint" ? formatInstant(filter[name]) : filter[name]));
  const statement = pageStatement(asked, descending);
  const records = await readRows<AuditRecord>(pool, statement, [above, below, window.limit + 1, ...values]);
  return pageOf(records.map(toEntry), window);
}

const BY_ID: Statement = { name: "audit_log.by_id", text: `SELECT ${COLUMNS} FROM audit_log WHERE id = $1` };

/** An entry by its number; null when there is none. */
export async function readEntry(pool: Pool, number: number): Promise<AuditEntry | null> {
  const [found] = await readRows<AuditRecord>(pool, BY_ID, [number]);
  return found ? toEntry(found) : null;
}

function toEntry(record: AuditRecord): AuditEntry {
  const { id, at, actor, action, subject, account_id: accountId, before, after, reason } = record;
  return { number: Number(id), at, actor, action, subject, accountId, before, after, reason };
}
