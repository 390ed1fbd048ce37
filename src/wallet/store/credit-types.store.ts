import type { Pool } from "pg";
import { formatInstant, type Instant, type Period } from "../../core/time";
import { type Operator, recordAct } from "../../platform/act";
import { inTransaction, readRows, type Statement } from "../../platform/transaction";
import type { CreditType, NewCreditType } from "../credit-type";
import { creditTypeIdOf } from "../ids";
import { DEFAULT_POLICY } from "../model/policy";
import { versionOf } from "./policies.store";

/** All SQL about credit types. */

const COLUMNS = "id, name, policy, refund_grace, expiry_notice, default_expiry, created_at";

interface CreditTypeRecord {
  readonly id: number;
  readonly name: string;
  readonly policy: number;
  readonly refund_grace: Period;
  readonly expiry_notice: Period;
  readonly default_expiry: Period | null;
  readonly created_at: Instant;
}

const INSERT: Statement = {
  name: "credit_types.insert",
  text: `
    INSERT INTO credit_types (name, policy, refund_grace, expiry_notice, default_expiry, created_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (name) DO NOTHING RETURNING ${COLUMNS}`,
};

// The policy that a credit type was made with may have been changed since: it does not count.
const COMPARE: Statement = {
  name: "credit_types.compare",
  text: `
    SELECT ${COLUMNS}, (refund_grace, expiry_notice, default_expiry) IS NOT DISTINCT FROM ($2::text, $3::text, $4::text) AS same
    FROM credit_types WHERE name = $1`,
};

export interface KeptCreditType {
  readonly creditType: CreditType;
  readonly created: boolean;
  /** Whether it has the terms that were asked for; of the policy only when it was made now. */
  readonly same: boolean;
}

/** Adds a credit type, unless its name is taken; answers the one that has it. */
export function insertCreditType(pool: Pool, input: NewCreditType, now: Instant, by: Operator): Promise<KeptCreditType> {
  const { name, policy, refundGrace, expiryNotice, defaultExpiry } = input;
  return inTransaction(pool, "write", async (database) => {
    const version = policy === null ? DEFAULT_POLICY.version : await versionOf(database, policy);
    const values = [name, version, refundGrace, expiryNotice, defaultExpiry, formatInstant(now)];
    const [made] = await database.query<CreditTypeRecord>(INSERT, values);
    if (made) {
      const subject = { subject: creditTypeIdOf(made.id), accountId: null };
      const after = { name, policy: version, refundGrace, expiryNotice, defaultExpiry };
      recordAct(database, { action: "createCreditType", at: now, ...by, ...subject, before: null, after });
      return { creditType: toCreditType(made), created: true, same: true };
    }
    const [found] = await database.query<CreditTypeRecord & { same: boolean }>(COMPARE, [
      name,
      refundGrace,
      expiryNotice,
      defaultExpiry,
    ]);
    // Credit types are never deleted: the one that stood in the way is still there.
    if (!found) throw new Error("the credit type is neither new nor known");
    return { creditType: toCreditType(found), created: false, same: found.same };
  });
}

const ALL: Statement = { name: "credit_types.all", text: `SELECT ${COLUMNS} FROM credit_types ORDER BY id` };

/** All credit types, the oldest first: there are a handful. */
export async function readCreditTypes(pool: Pool): Promise<readonly CreditType[]> {
  return (await readRows<CreditTypeRecord>(pool, ALL)).map(toCreditType);
}

function toCreditType(record: CreditTypeRecord): CreditType {
  const { id, name, policy, refund_grace: refundGrace, expiry_notice: expiryNotice } = record;
  return { id, name, policy, refundGrace, expiryNotice, defaultExpiry: record.default_expiry, createdAt: record.created_at };
}
