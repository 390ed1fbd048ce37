import type { Pool } from "pg";
import type { Json } from "../core/json";
import { formatInstant, type Instant } from "../core/time";
import { readRows, type Statement } from "../platform/transaction";
import { bothWays, type Page, pageOf, rangeOf, type Window } from "../platform/window";
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

const PAGE = bothWays(
  "audit_log.page",
  (direction) => `
    SELECT ${COLUMNS} FROM audit_log
    WHERE id > $1 AND id < $2 AND ($4::text IS NULL OR actor = $4) AND ($5::text IS NULL OR action = $5)
      AND ($6::text IS NULL OR subject = $6) AND ($7::uuid IS NULL OR account_id = $7)
      AND ($8::timestamptz IS NULL OR at >= $8) AND ($9::timestamptz IS NULL OR at < $9)
    ORDER BY id ${direction} LIMIT $3`,
);

/** A part of the log. */
export async function pageEntries(pool: Pool, filter: AuditFilter, window: Window): Promise<Page<AuditEntry>> {
  const { descending, above, below } = rangeOf(window);
  const { actor, action, subject, accountId, from, to } = filter;
  const span = [from, to].map((at) => (at === null ? null : formatInstant(at)));
  const values = [above, below, window.limit + 1, actor, action, subject, accountId, ...span];
  const records = await readRows<AuditRecord>(pool, PAGE(descending), values);
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
