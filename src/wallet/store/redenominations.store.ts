import type { Pool } from "pg";
import { formatInstant, type Instant } from "../../core/time";
import { readRows, type Statement, type Transaction } from "../../platform/transaction";
import type { Redenomination } from "../model/redenomination";

/** All SQL about the units of credit types. */

const COLUMNS =
  "credit_type_id, number, factor::text, effective_from, reason, published_at, published_by, withdrawn_at, withdrawn_by";

interface RedenominationRecord {
  readonly credit_type_id: number;
  readonly number: number;
  readonly factor: string;
  readonly effective_from: Instant;
  readonly reason: string | null;
  readonly published_at: Instant;
  readonly published_by: string;
  readonly withdrawn_at: Instant | null;
  readonly withdrawn_by: string | null;
}

const ALL: Statement = {
  name: "redenominations.all",
  text: `SELECT ${COLUMNS} FROM redenominations ORDER BY credit_type_id, number`,
};

/** All there are, of all credit types, in their order: a handful in ten years. */
export async function readRedenominations(pool: Pool): Promise<readonly Redenomination[]> {
  return (await readRows<RedenominationRecord>(pool, ALL)).map(toRedenomination);
}

const REVISION: Statement = { name: "redenominations.revision", text: "SELECT unit_revision FROM credit_types WHERE id = $1" };
const LOCK: Statement = { name: "redenominations.lock", text: `${REVISION.text} FOR NO KEY UPDATE` };
const OF_TYPE: Statement = {
  name: "redenominations.of_type",
  text: `SELECT ${COLUMNS} FROM redenominations WHERE credit_type_id = $1 ORDER BY number`,
};

/** The revision of a credit type's unit; null: there is no such credit type. */
export async function readUnitRevision(database: Transaction, creditTypeId: number): Promise<number | null> {
  const [found] = await database.query<{ unit_revision: number }>(REVISION, [creditTypeId]);
  return found?.unit_revision ?? null;
}

/** Has nobody else redenominate the credit type until the transaction ends; answers what was done so far, null: there is no such type. */
export async function lockRedenominations(
  database: Transaction,
  creditTypeId: number,
): Promise<readonly Redenomination[] | null> {
  const [found] = await database.query<{ unit_revision: number }>(LOCK, [creditTypeId]);
  if (!found) return null;
  return (await database.query<RedenominationRecord>(OF_TYPE, [creditTypeId])).map(toRedenomination);
}

const RAISE: Statement = {
  name: "redenominations.raise",
  text: "UPDATE credit_types SET unit_revision = unit_revision + 1 WHERE id = $1",
};
const INSERT: Statement = {
  name: "redenominations.insert",
  text: `
    INSERT INTO redenominations (credit_type_id, number, factor, effective_from, reason, published_at, published_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7)`,
};

/** Adds one, and raises the credit type's revision. */
export function insertRedenomination(database: Transaction, added: Redenomination): void {
  const { creditTypeId, number, factor, effectiveFrom, reason, publishedAt, publishedBy } = added;
  const instants = [formatInstant(effectiveFrom), formatInstant(publishedAt)] as const;
  database.send(RAISE, [creditTypeId]);
  database.send(INSERT, [creditTypeId, number, factor, instants[0], reason, instants[1], publishedBy]);
}

const WITHDRAW: Statement = {
  name: "redenominations.withdraw",
  text: "UPDATE redenominations SET withdrawn_at = $3, withdrawn_by = $4 WHERE credit_type_id = $1 AND number = $2",
};

/** Marks one as withdrawn, and raises the credit type's revision. */
export function markWithdrawn(
  database: Transaction,
  { creditTypeId, number }: Redenomination,
  { at, by }: NonNullable<Redenomination["withdrawn"]>,
): void {
  database.send(RAISE, [creditTypeId]);
  database.send(WITHDRAW, [creditTypeId, number, formatInstant(at), by]);
}

function toRedenomination(record: RedenominationRecord): Redenomination {
  const { withdrawn_at: at, withdrawn_by: by } = record;
  return {
    creditTypeId: record.credit_type_id,
    number: record.number,
    factor: record.factor,
    effectiveFrom: record.effective_from,
    reason: record.reason,
    publishedAt: record.published_at,
    publishedBy: record.published_by,
    withdrawn: at === null || by === null ? null : { at, by },
  };
}
