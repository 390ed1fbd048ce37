import type { Pool } from "pg";
import { type Transaction as Database, inTransaction, readRows, type Statement } from "../../platform/transaction";
import { type AuditFinding, Auditor, type Stored } from "../audit";
import type { Policy, WalletKey, WaterfallKey } from "../model/types";
import { LIMIT_COLUMNS, type LimitRecord, toLimit } from "./limits.store";
import {
  ALERT_COLUMNS,
  type AlertRecord,
  ENTRIES,
  GRANT_COLUMNS,
  type GrantRecord,
  HOLD_COLUMNS,
  type HoldRecord,
  type ThresholdRecord,
  TRANSACTION_COLUMNS,
  type TransactionRecord,
  toAlert,
  toGrant,
  toHold,
  toKey,
  toThreshold,
  toTransaction,
} from "./wallet.decode";
import { snapshotOf } from "./wallet.reads";
import { textOf } from "./wallet.store";

/** How many wallets are listed, and transactions read, at a time. */
const STRIDE = 1000;

const WALLETS: Statement = {
  name: "audit.wallets",
  text: `
    SELECT account_id, credit_type_id FROM wallets WHERE (account_id, credit_type_id) > ($1, $2)
    ORDER BY account_id, credit_type_id LIMIT ${STRIDE}`,
};

type Judged = (transactions: number) => void;

/**
 * Checks every invariant over the whole database, or over one wallet; answers all that is wrong. Each wallet is judged on one moment of
 * it, so it may run beside the traffic. `judged` is told of each wallet how many transactions it has.
 */
export async function audit(pool: Pool, key?: WalletKey, judged: Judged = () => undefined): Promise<readonly AuditFinding[]> {
  if (key) return auditWallet(pool, key, judged);
  const findings: AuditFinding[] = [...(await auditIssued(pool))];
  let after: WalletKey | undefined = { accountId: "00000000-0000-0000-0000-000000000000", creditTypeId: 0 };
  while (after) {
    const records: readonly { account_id: string; credit_type_id: number }[] = await readRows(pool, WALLETS, [
      after.accountId,
      after.creditTypeId,
    ]);
    const keys = records.map(toKey);
    for (const each of keys) findings.push(...(await auditWallet(pool, each, judged)));
    after = keys.at(-1);
  }
  return findings;
}

function table(name: string, columns: string, order: string): Statement {
  const text = `SELECT ${columns} FROM ${name} WHERE account_id = $1 AND credit_type_id = $2 ORDER BY ${order}`;
  return { name: `audit.${name}`, text };
}

const GRANTS = table("grants", GRANT_COLUMNS, "number");
const HOLDS = table("holds", HOLD_COLUMNS, "sequence");
const ALERTS = table("alerts", ALERT_COLUMNS, "number");
const THRESHOLDS = table(
  "thresholds",
  "account_id, credit_type_id, number, amount, state, since_sequence, removed_sequence",
  "number",
);
const LIMITS = table("spending_limits", `member, ${LIMIT_COLUMNS}`, "number");
const POLICIES: Statement = { name: "audit.policies", text: "SELECT version, keys FROM policies" };

const TRANSACTIONS: Statement = {
  name: "audit.transactions",
  text: `
    SELECT ${TRANSACTION_COLUMNS} FROM transactions WHERE account_id = $1 AND credit_type_id = $2 AND sequence > $3
    ORDER BY sequence LIMIT ${STRIDE}`,
};

async function auditWallet(pool: Pool, key: WalletKey, judged: Judged): Promise<readonly AuditFinding[]> {
  return inTransaction(pool, "snapshot", async (database) => {
    const stored = await readStored(database, key);
    if (!stored) return [];
    const auditor = new Auditor(stored);
    for (let last = 0, more = true; more; ) {
      const values = [key.accountId, key.creditTypeId, last];
      const transactions = (await database.query<TransactionRecord>(TRANSACTIONS, values)).map(toTransaction);
      for (const transaction of transactions) auditor.next(transaction);
      last = transactions.at(-1)?.sequence ?? last;
      more = transactions.length === STRIDE;
    }
    judged(stored.wallet.sequence);
    return auditor.end();
  });
}

async function readStored(database: Database, key: WalletKey): Promise<Stored | null> {
  const values = [key.accountId, key.creditTypeId];
  const [wallets, grants, holds, alerts, thresholds, limits, policies] = await Promise.all([
    snapshotOf(database, [key], 0n),
    database.query<GrantRecord>(GRANTS, values),
    database.query<HoldRecord>(HOLDS, values),
    database.query<AlertRecord>(ALERTS, values),
    database.query<ThresholdRecord & { since_sequence: bigint; removed_sequence: bigint | null }>(THRESHOLDS, values),
    database.query<LimitRecord & { member: number }>(LIMITS, values),
    database.query<{ version: number; keys: WaterfallKey[] }>(POLICIES),
  ]);
  const wallet = wallets.get(textOf(key));
  if (!wallet) return null;
  return {
    wallet,
    grants: grants.map(toGrant),
    holds: holds.map(toHold),
    alerts: alerts.map(toAlert),
    thresholds: thresholds.map((record) => ({
      ...toThreshold(record),
      since: Number(record.since_sequence),
      removed: record.removed_sequence === null ? null : Number(record.removed_sequence),
    })),
    limits: limits.map((record) => ({ ...toLimit(record), member: record.member })),
    policies: new Map(policies.map((policy): [number, Policy] => [policy.version, policy])),
  };
}

// What moved out of grants came into others: into those that name an origin, and into limits that took over a debt at their birth.
const ISSUED: Statement = {
  name: "audit.issued",
  text: `
    SELECT g.credit_type_id, sum(g.moved)::text AS moved,
           sum(CASE WHEN g.origin_number IS NOT NULL THEN g.amount ELSE coalesce(owed.amount, 0) END)::text AS arrived
    FROM grants g
    LEFT JOIN LATERAL (
      SELECT sum(e.amount) AS amount FROM transactions t CROSS JOIN ${ENTRIES}
      WHERE g.kind = 'OVERDRAFT' AND t.account_id = g.account_id AND t.credit_type_id = g.credit_type_id
        AND t.sequence = g.created_by AND e.grant_number = g.number AND e.from_pot = 'ISSUED' AND e.to_pot = 'CONSUMED') owed ON true
    GROUP BY g.credit_type_id ORDER BY g.credit_type_id`,
};

/** Per credit type: no credit comes into being, or is lost, by moving. */
async function auditIssued(pool: Pool): Promise<readonly AuditFinding[]> {
  const sums = await readRows<{ credit_type_id: number; moved: string; arrived: string }>(pool, ISSUED);
  return sums.flatMap(({ credit_type_id: id, moved, arrived }) => {
    if (moved === arrived) return [];
    return [
      {
        invariant: 1,
        key: null,
        message: `of credit type ${id}, ${moved} moved out of grants and ${arrived} into others`,
      } as const,
    ];
  });
}
