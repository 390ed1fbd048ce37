import type { MigrationInterface, QueryRunner } from "typeorm";

/** The log: transactions with their entries, and the alerts that they caused. Rows are added, never changed. */
export class Ledger1763712000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TYPE transaction_type AS ENUM
        ('GRANT', 'ACTIVATE', 'SPEND', 'HOLD', 'CAPTURE', 'RELEASE', 'REFUND', 'EXPIRE', 'VOID', 'ADJUST', 'TRANSFER')`);
    await runner.query(`
      CREATE TYPE pot AS ENUM ('PENDING', 'AVAILABLE', 'HELD', 'CONSUMED', 'EXPIRED', 'VOIDED', 'MOVED', 'ISSUED')`);
    await runner.query("CREATE TYPE alert_type AS ENUM ('LOW', 'DEPLETED', 'RECOVERED', 'EXPIRING_SOON')");
    await this.createTransactions(runner);
    await this.createAlerts(runner);
  }

  private async createTransactions(runner: QueryRunner): Promise<void> {
    // The entries stand in arrays side by side, one element an entry. In a table of their own they would cost as much again as all else
    // that a spend writes: a row, two index entries and two checks of foreign keys for each.
    await runner.query(`
      CREATE TABLE transactions (
        account_id uuid NOT NULL,
        credit_type_id integer NOT NULL,
        type transaction_type NOT NULL,
        sequence bigint NOT NULL,
        amount bigint NOT NULL,
        available bigint NOT NULL,
        held bigint NOT NULL,
        pending bigint NOT NULL,
        debt bigint NOT NULL,
        overdraft bigint NOT NULL,
        by_kind bigint[] NOT NULL,
        operation text,
        quantity text,
        app text,
        actor text NOT NULL,
        description text,
        metadata jsonb,
        idempotency_key text,
        fingerprint bytea,
        relates_to bigint,
        counterpart_account_id uuid,
        counterpart_credit_type_id integer,
        counterpart_sequence bigint,
        policy integer NOT NULL,
        effective_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        occurred_at timestamptz,
        previous_hash bytea NOT NULL,
        hash bytea NOT NULL,
        entry_grants integer[] NOT NULL,
        entry_befores integer[] NOT NULL,
        entry_amounts bigint[] NOT NULL,
        entry_sources pot[] NOT NULL,
        entry_pots pot[] NOT NULL,
        CONSTRAINT transactions_pkey PRIMARY KEY (account_id, credit_type_id, sequence),
        CONSTRAINT transactions_sequence_positive CHECK (sequence > 0),
        CONSTRAINT transactions_key_fingerprinted CHECK ((idempotency_key IS NULL) = (fingerprint IS NULL)),
        CONSTRAINT transactions_counterpart_whole CHECK (
          num_nulls(counterpart_account_id, counterpart_credit_type_id, counterpart_sequence) IN (0, 3)),
        CONSTRAINT transactions_entries_paired CHECK (
          cardinality(entry_grants) = cardinality(entry_amounts) AND cardinality(entry_befores) = cardinality(entry_amounts)
          AND cardinality(entry_sources) = cardinality(entry_amounts) AND cardinality(entry_pots) = cardinality(entry_amounts)),
        CONSTRAINT transactions_entries_positive CHECK (0 < ALL (entry_amounts)),
        CONSTRAINT transactions_entries_inside CHECK ('ISSUED' <> ALL (entry_pots))
      )`);
    // Unique in the account, over all its wallets, for ever.
    await runner.query(`
      CREATE UNIQUE INDEX transactions_idempotency ON transactions (account_id, idempotency_key)
        WHERE idempotency_key IS NOT NULL`);
    await runner.query(`
      CREATE INDEX transactions_related ON transactions (account_id, credit_type_id, relates_to, sequence)
        WHERE relates_to IS NOT NULL`);
    // Usage is told by when it happened. What is told at once needs no index for that: it happened when it counts.
    await runner.query(`
      CREATE INDEX transactions_occurred ON transactions (account_id, credit_type_id, occurred_at)
        WHERE occurred_at IS NOT NULL`);
  }

  private async createAlerts(runner: QueryRunner): Promise<void> {
    // written_by: whoever reads the alerts of all wallets reads those below the oldest running transaction, and so misses none that
    // commits late. A bigint, not xid8: the default is cast once here, and every client can read it.
    await runner.query(`
      CREATE TABLE alerts (
        account_id uuid NOT NULL,
        credit_type_id integer NOT NULL,
        number integer NOT NULL,
        type alert_type NOT NULL,
        sequence bigint NOT NULL,
        effective_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        spendable bigint NOT NULL,
        threshold_number integer,
        threshold_amount bigint,
        grant_number integer,
        expiring bigint,
        written_by bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
        CONSTRAINT alerts_pkey PRIMARY KEY (account_id, credit_type_id, number),
        CONSTRAINT alerts_threshold_whole CHECK ((threshold_number IS NULL) = (threshold_amount IS NULL)),
        CONSTRAINT alerts_grant_whole CHECK ((grant_number IS NULL) = (expiring IS NULL))
      )`);
    await runner.query("CREATE INDEX alerts_written ON alerts (written_by, account_id, credit_type_id, number)");
    // The same for a customer who follows the alerts of all wallets of one account.
    await runner.query("CREATE INDEX alerts_of_account ON alerts (account_id, written_by, credit_type_id, number)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE alerts, transactions");
    await runner.query("DROP TYPE alert_type, pot, transaction_type");
  }
}
