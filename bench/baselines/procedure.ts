import { Pool } from "pg";
import type { WalletKey } from "../../src/wallet";

/**
 * Baseline (b): the same spend as one call of one function in the database, one spend a commit: no round trip between its steps.
 */
export class ProcedureSpends {
  readonly #pool: Pool;

  private constructor(url: string, connections: number) {
    this.#pool = new Pool({ connectionString: url, max: connections });
  }

  static async create(url: string, connections: number): Promise<ProcedureSpends> {
    const spends = new ProcedureSpends(url, connections);
    await spends.#pool.query(FUNCTION);
    return spends;
  }

  async spend({ accountId, creditTypeId }: WalletKey, amount: bigint, idempotencyKey: string): Promise<void> {
    await this.#pool.query({ ...CALL, values: [accountId, creditTypeId, amount, idempotencyKey] });
  }

  stop(): Promise<void> {
    return this.#pool.end();
  }
}

const CALL = { name: "b.spend", text: "SELECT bench_spend($1, $2, $3, $4)" };

const FUNCTION = `
CREATE OR REPLACE FUNCTION bench_spend(account uuid, credit_type integer, cost bigint, key text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  wallet wallets%ROWTYPE;
  candidate record;
  rest bigint := cost;
  drawn bigint;
  numbers integer[] := '{}';
  amounts bigint[] := '{}';
BEGIN
  SELECT * INTO STRICT wallet FROM wallets WHERE account_id = account AND credit_type_id = credit_type FOR NO KEY UPDATE;
  FOR candidate IN
    SELECT number, available FROM grants WHERE account_id = account AND credit_type_id = credit_type AND closed_at IS NULL
      AND effective_at <= now() AND (expires_at IS NULL OR expires_at > now())
    ORDER BY priority, expires_at, kind, effective_at, number
  LOOP
    EXIT WHEN rest = 0;
    drawn := least(candidate.available, rest);
    rest := rest - drawn;
    numbers := numbers || candidate.number;
    amounts := amounts || drawn;
    UPDATE grants SET available = available - drawn, consumed = consumed + drawn, changed_by = wallet.sequence + 1
      WHERE account_id = account AND credit_type_id = credit_type AND number = candidate.number;
  END LOOP;
  IF rest > 0 THEN RAISE EXCEPTION 'not enough credits'; END IF;
  wallet.sequence := wallet.sequence + 1;
  wallet.available := wallet.available - cost;
  wallet.by_kind[4] := wallet.by_kind[4] - cost;
  INSERT INTO transactions (account_id, credit_type_id, type, sequence, amount, available, held, pending, debt, overdraft, by_kind,
    operation, actor, idempotency_key, fingerprint, policy, effective_at, recorded_at, previous_hash, hash,
    entry_grants, entry_befores, entry_amounts, entry_sources, entry_pots)
  VALUES (account, credit_type, 'SPEND', wallet.sequence, cost, wallet.available, wallet.held, wallet.pending, wallet.debt,
    wallet.overdraft, wallet.by_kind, 'chat.completion', 'bench', key, substr(wallet.hash, 1, 25), 1, now(), now(), wallet.hash, wallet.hash,
    numbers, numbers, amounts, array_fill('AVAILABLE'::pot, ARRAY[cardinality(numbers)]), array_fill('CONSUMED'::pot, ARRAY[cardinality(numbers)]));
  UPDATE wallets SET sequence = wallet.sequence, available = wallet.available, by_kind = wallet.by_kind, clock_at = now()
    WHERE account_id = account AND credit_type_id = credit_type;
  RETURN wallet.sequence;
END $$`;
