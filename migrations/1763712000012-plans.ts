import type { MigrationInterface, QueryRunner } from "typeorm";
import { forApplicationRole } from "./application-role";

/**
 * Plans and who is on them. Plans are a catalogue, copied to every machine when the data is spread; versions are added, never changed.
 * Subscriptions with all that is done about them are numbered within their account.
 */
export class Plans1763712000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createCatalogue(runner);
    await createSubscriptions(runner);
    await createCommands(runner);
    await createActs(runner);
    await createMigrations(runner);
    for (const [table, columns, target, targetColumns] of KEYS) {
      await runner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT ${nameOf(table, columns)} FOREIGN KEY (${columns}) REFERENCES ${target} (${targetColumns})`,
      );
    }
    for (const statement of PROTECTIONS) await forApplicationRole(runner, statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE accounts DROP COLUMN plan_id");
    await runner.query(
      "DROP TABLE plan_migration_subscriptions, plan_migrations, subscription_acts, subscription_commands, subscriptions, plan_versions, plans",
    );
  }
}

async function createCatalogue(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE plans (
      id integer GENERATED ALWAYS AS IDENTITY,
      name text NOT NULL,
      created_at timestamptz NOT NULL,
      retired_at timestamptz,
      retired_by text,
      CONSTRAINT plans_pkey PRIMARY KEY (id),
      CONSTRAINT plans_name_unique UNIQUE (name),
      CONSTRAINT plans_retired_whole CHECK ((retired_at IS NULL) = (retired_by IS NULL))
    )`);
  await runner.query(`
    CREATE TABLE plan_versions (
      id integer GENERATED ALWAYS AS IDENTITY,
      plan_id integer NOT NULL,
      number integer NOT NULL,
      content jsonb NOT NULL,
      reason text,
      published_at timestamptz NOT NULL,
      published_by text NOT NULL,
      CONSTRAINT plan_versions_pkey PRIMARY KEY (id),
      CONSTRAINT plan_versions_number_unique UNIQUE (plan_id, number)
    )`);
  // The plan of the account's live subscription, written along with it: what an account pays may depend on its plan.
  await runner.query("ALTER TABLE accounts ADD COLUMN plan_id integer");
}

async function createSubscriptions(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE subscriptions (
      account_id uuid NOT NULL,
      number integer NOT NULL,
      revision integer NOT NULL,
      status text NOT NULL,
      plan_version_id integer NOT NULL,
      state jsonb NOT NULL,
      command_count integer NOT NULL,
      act_count integer NOT NULL,
      next_due_at timestamptz,
      started_at timestamptz NOT NULL,
      ended_at timestamptz,
      CONSTRAINT subscriptions_pkey PRIMARY KEY (account_id, number),
      CONSTRAINT subscriptions_status_known CHECK (status IN ('TRIALING', 'ACTIVE', 'PAUSED', 'UNPAID', 'ENDED')),
      CONSTRAINT subscriptions_end_whole CHECK ((status = 'ENDED') = (ended_at IS NOT NULL))
    )`);
  // An account is on one plan at a time: of two who start at once, one finds the other's.
  await runner.query("CREATE UNIQUE INDEX subscriptions_live ON subscriptions (account_id) WHERE status <> 'ENDED'");
  // For the sweeper: which subscriptions does time change next?
  await runner.query("CREATE INDEX subscriptions_due ON subscriptions (next_due_at) WHERE next_due_at IS NOT NULL");
  // For the operator: who is on a version? In the order in which accounts were made.
  await runner.query("CREATE INDEX subscriptions_version ON subscriptions (plan_version_id, account_id, number)");
}

async function createCommands(runner: QueryRunner): Promise<void> {
  // All that ever changed a subscription, in order. What time alone does has no key.
  await runner.query(`
    CREATE TABLE subscription_commands (
      account_id uuid NOT NULL,
      subscription integer NOT NULL,
      number integer NOT NULL,
      type text NOT NULL,
      input jsonb,
      idempotency_key text,
      revision integer NOT NULL,
      status text NOT NULL,
      plan_version_id integer NOT NULL,
      actor text NOT NULL,
      reason text,
      at timestamptz NOT NULL,
      CONSTRAINT subscription_commands_pkey PRIMARY KEY (account_id, subscription, number),
      CONSTRAINT subscription_commands_key_whole CHECK ((input IS NULL) = (idempotency_key IS NULL))
    )`);
  await runner.query(`
    CREATE UNIQUE INDEX subscription_commands_idempotency ON subscription_commands (account_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL`);
}

async function createActs(runner: QueryRunner): Promise<void> {
  // What is to be done to the wallets, written with the state that asks for it and performed after: kept for ever, as the record of
  // which plan made which grant. Sequences are the wallet's.
  await runner.query(`
    CREATE TABLE subscription_acts (
      account_id uuid NOT NULL,
      subscription integer NOT NULL,
      number integer NOT NULL,
      command integer NOT NULL,
      credit_type_id integer NOT NULL,
      idempotency_key text NOT NULL,
      plan text NOT NULL,
      act jsonb NOT NULL,
      performed_at timestamptz,
      outcome text,
      sequence bigint,
      grant_number integer,
      CONSTRAINT subscription_acts_pkey PRIMARY KEY (account_id, subscription, number),
      CONSTRAINT subscription_acts_key_unique UNIQUE (account_id, idempotency_key),
      CONSTRAINT subscription_acts_outcome_whole CHECK ((performed_at IS NULL) = (outcome IS NULL)),
      CONSTRAINT subscription_acts_done_whole CHECK ((outcome = 'DONE') = (sequence IS NOT NULL))
    )`);
  await runner.query(`
    CREATE INDEX subscription_acts_outstanding ON subscription_acts (account_id, subscription, number) WHERE performed_at IS NULL`);
}

async function createMigrations(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE plan_migrations (
      id integer GENERATED ALWAYS AS IDENTITY,
      plan_id integer NOT NULL,
      to_version_id integer NOT NULL,
      from_numbers integer[] NOT NULL,
      change_time text NOT NULL,
      reason text,
      started_at timestamptz NOT NULL,
      started_by text NOT NULL,
      ended_at timestamptz,
      CONSTRAINT plan_migrations_pkey PRIMARY KEY (id)
    )`);
  await runner.query("CREATE INDEX plan_migrations_under_way ON plan_migrations (id) WHERE ended_at IS NULL");
  // Whom a migration is about is settled when it is ordered, so that it can be carried out bit by bit, by anybody, and counted at any time.
  await runner.query(`
    CREATE TABLE plan_migration_subscriptions (
      account_id uuid NOT NULL,
      migration integer NOT NULL,
      subscription integer NOT NULL,
      outcome text,
      CONSTRAINT plan_migration_subscriptions_pkey PRIMARY KEY (account_id, migration)
    )`);
  await runner.query(
    "CREATE INDEX plan_migration_subscriptions_outcome ON plan_migration_subscriptions (migration, outcome, account_id)",
  );
}

const KEYS = [
  ["accounts", "plan_id", "plans", "id"],
  ["plan_versions", "plan_id", "plans", "id"],
  ["subscriptions", "account_id", "accounts", "id"],
  ["subscriptions", "plan_version_id", "plan_versions", "id"],
  ["subscription_commands", "account_id, subscription", "subscriptions", "account_id, number"],
  ["subscription_commands", "plan_version_id", "plan_versions", "id"],
  ["subscription_acts", "account_id, subscription", "subscriptions", "account_id, number"],
  ["subscription_acts", "credit_type_id", "credit_types", "id"],
  ["plan_migrations", "plan_id", "plans", "id"],
  ["plan_migrations", "to_version_id", "plan_versions", "id"],
  ["plan_migration_subscriptions", "account_id, subscription", "subscriptions", "account_id, number"],
  ["plan_migration_subscriptions", "migration", "plan_migrations", "id"],
] as const;

const PROTECTIONS = [
  "REVOKE UPDATE, DELETE ON plan_versions, subscription_commands FROM tranche_app",
  "REVOKE UPDATE, DELETE ON plans, subscription_acts, plan_migrations, plan_migration_subscriptions FROM tranche_app",
  "GRANT UPDATE (retired_at, retired_by) ON plans TO tranche_app",
  "GRANT UPDATE (performed_at, outcome, sequence, grant_number) ON subscription_acts TO tranche_app",
  "GRANT UPDATE (ended_at) ON plan_migrations TO tranche_app",
  "GRANT UPDATE (outcome) ON plan_migration_subscriptions TO tranche_app",
];

/** subscriptions + "account_id, subscription" is …_subscription_fkey: named by the last column, which tells them apart. */
function nameOf(table: string, columns: string): string {
  return `${table}_${columns.split(", ").at(-1)}_fkey`;
}
