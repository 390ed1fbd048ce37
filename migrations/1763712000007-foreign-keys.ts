import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Added after all tables, so that these can be distributed in between. Each stays within one account or points to a shared catalogue;
 * but for that of account_external_ids, which is keyed by what is looked up.
 * A gift's origin and a transfer's counterpart lie in another account: those have none.
 */
const KEYS = [
  ["credit_types", "policy", "policies", "version"],
  ["account_external_ids", "account_id", "accounts", "id"],
  ["wallets", "account_id", "accounts", "id"],
  ["wallets", "credit_type_id", "credit_types", "id"],
  ["wallets", "policy", "policies", "version"],
  ["grants", "account_id, credit_type_id", "wallets", "account_id, credit_type_id"],
  ["transactions", "account_id, credit_type_id", "wallets", "account_id, credit_type_id"],
  ["holds", "account_id, credit_type_id, sequence", "transactions", "account_id, credit_type_id, sequence"],
  ["thresholds", "account_id, credit_type_id", "wallets", "account_id, credit_type_id"],
  ["alerts", "account_id, credit_type_id", "wallets", "account_id, credit_type_id"],
] as const;

export class ForeignKeys1763712000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, columns, target, targetColumns] of KEYS) {
      await runner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT ${nameOf(table, columns)} FOREIGN KEY (${columns}) REFERENCES ${target} (${targetColumns})`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, columns] of KEYS) await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${nameOf(table, columns)}`);
  }
}

/** holds + "account_id, credit_type_id, sequence" is holds_sequence_fkey: named by the last column, which tells them apart. */
function nameOf(table: string, columns: string): string {
  return `${table}_${columns.split(", ").at(-1)}_fkey`;
}
