import type { MigrationInterface, QueryRunner } from "typeorm";
import { forApplicationRole } from "./application-role";

/**
 * The people of a team, and what each may take of its wallets. A spend that names none neither reads nor writes any of this: what it
 * writes is one null more.
 */
export class Members1763712000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Who was removed stays: the log names members by number, for ever.
    await runner.query(`
      CREATE TABLE members (
        account_id uuid NOT NULL,
        number integer NOT NULL,
        external_id text NOT NULL,
        name text,
        created_at timestamptz NOT NULL,
        removed_at timestamptz,
        CONSTRAINT members_pkey PRIMARY KEY (account_id, number),
        CONSTRAINT members_external_id_unique UNIQUE (account_id, external_id)
      )`);
    await runner.query("CREATE TYPE calendar_unit AS ENUM ('DAY', 'WEEK', 'MONTH', 'YEAR')");
    // What is used of a limit changes with every spend of the member: it is in no index, and pages keep room for it, as for grants.
    await runner.query(`
      CREATE TABLE spending_limits (
        account_id uuid NOT NULL,
        credit_type_id integer NOT NULL,
        number integer NOT NULL,
        member integer NOT NULL,
        operations text[] NOT NULL,
        every calendar_unit NOT NULL,
        amount bigint NOT NULL,
        used bigint NOT NULL,
        window_from timestamptz NOT NULL,
        window_until timestamptz NOT NULL,
        CONSTRAINT spending_limits_pkey PRIMARY KEY (account_id, credit_type_id, number),
        CONSTRAINT spending_limits_natural CHECK (amount >= 0 AND used >= 0),
        CONSTRAINT spending_limits_window_whole CHECK (window_from < window_until)
      ) WITH (fillfactor = 50)`);
    await runner.query("CREATE INDEX spending_limits_of_member ON spending_limits (account_id, member, credit_type_id, number)");
    for (const [name, table, columns, target, targetColumns] of KEYS) {
      await runner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${columns}) REFERENCES ${target} (${targetColumns})`,
      );
    }
    await this.nameMembers(runner);
    await forApplicationRole(runner, "REVOKE DELETE ON members FROM tranche_app");
  }

  private async nameMembers(runner: QueryRunner): Promise<void> {
    // No foreign key: it would be asked about for every transaction of everybody. The wallet's lock keeps members from changing meanwhile,
    // and none is ever deleted.
    await runner.query("ALTER TABLE transactions ADD COLUMN member integer");
    // A limit that is set in the middle of a month counts what the log says of that month.
    await runner.query(`
      CREATE INDEX transactions_of_member ON transactions (account_id, credit_type_id, member, sequence) WHERE member IS NOT NULL`);
    // What a hold gives back makes room in the window in which it was taken.
    await runner.query("ALTER TABLE holds ADD COLUMN member integer, ADD COLUMN held_at timestamptz");
    await runner.query(`
      UPDATE holds h SET held_at = t.effective_at FROM transactions t
      WHERE t.account_id = h.account_id AND t.credit_type_id = h.credit_type_id AND t.sequence = h.sequence`);
    await runner.query("ALTER TABLE holds ALTER COLUMN held_at SET NOT NULL");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE holds DROP COLUMN held_at, DROP COLUMN member");
    await runner.query("DROP INDEX transactions_of_member");
    await runner.query("ALTER TABLE transactions DROP COLUMN member");
    await runner.query("DROP TABLE spending_limits, members");
    await runner.query("DROP TYPE calendar_unit");
  }
}

const KEYS = [
  ["members_account_id_fkey", "members", "account_id", "accounts", "id"],
  [
    "spending_limits_credit_type_id_fkey",
    "spending_limits",
    "account_id, credit_type_id",
    "wallets",
    "account_id, credit_type_id",
  ],
  ["spending_limits_member_fkey", "spending_limits", "account_id, member", "members", "account_id, number"],
] as const;
