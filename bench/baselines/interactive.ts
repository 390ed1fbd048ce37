import { randomBytes } from "node:crypto";
import { Pool, type PoolClient } from "pg";
import { POSTGRES_TYPES } from "../../src/platform/postgres-types";
import type { WalletKey } from "../../src/wallet";

/**
 * Baseline (a): the best spend that is written by hand, as an interactive transaction on the same tables. Lock the wallet, read its open
 * grants, decide, update what pays, insert the transaction and its entries under the idempotency key, update the wallet, commit. Prepared
 * statements, each a look-up by key. It leaves the same rows as ours, but computes no hash and no fingerprint: it writes constants.
 */
export class InteractiveSpends {
  readonly #pool: Pool;

  constructor(url: string, connections: number) {
    this.#pool = new Pool({ connectionString: url, max: connections, types: POSTGRES_TYPES });
  }

  async spend(key: WalletKey, amount: bigint, idempotencyKey: string): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query("BEGIN");
      await spendOn(client, key, amount, idempotencyKey);
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    } finally {
      client.release();
    }
  }

  stop(): Promise<void> {
    return this.#pool.end();
  }
}

interface WalletRecord {
  readonly sequence: bigint;
  readonly available: bigint;
  readonly held: bigint;
  readonly pending: bigint;
  readonly debt: bigint;
  readonly overdraft: bigint;
  readonly by_kind: readonly bigint[];
  readonly hash: Buffer;
}
interface GrantRecord {
  readonly number: number;
  readonly available: bigint;
}

const HASH = randomBytes(32);
const FINGERPRINT = randomBytes(25);
/** PROMO stands fourth among the kinds. */
const PROMO = 3;

async function spendOn(client: PoolClient, key: WalletKey, amount: bigint, idempotencyKey: string): Promise<void> {
  const of = [key.accountId, key.creditTypeId];
  const { rows: wallets } = await client.query<WalletRecord>({ ...LOCK, values: of });
  const [wallet] = wallets;
  if (!wallet) throw new Error("there is no such wallet");
  const { rows: grants } = await client.query<GrantRecord>({ ...GRANTS, values: of });
  const draws: { readonly number: number; readonly amount: bigint }[] = [];
  let rest = amount;
  for (const { number, available } of grants) {
    if (rest === 0n) break;
    const drawn = available < rest ? available : rest;
    draws.push({ number, amount: drawn });
    rest -= drawn;
  }
  if (rest > 0n) throw new Error("not enough credits");
  const numbers = draws.map((draw) => draw.number);
  const amounts = draws.map((draw) => draw.amount.toString());
  const sequence = wallet.sequence + 1n;
  await client.query({ ...PAY, values: [...of, numbers, amounts, sequence] });
  const available = wallet.available - amount;
  const byKind = wallet.by_kind.map((part, kind) => (kind === PROMO ? part - amount : part));
  const balance = [available, wallet.held, wallet.pending, wallet.debt, wallet.overdraft, byKind].map(String);
  const kinds = `{${byKind.join(",")}}`;
  const entries = [numbers, amounts, draws.map(() => "AVAILABLE"), draws.map(() => "CONSUMED")];
  const { rowCount } = await client.query({
    ...INSERT,
    values: [...of, sequence, amount, ...balance.slice(0, 5), kinds, idempotencyKey, FINGERPRINT, wallet.hash, HASH, ...entries],
  });
  if (rowCount === 0) throw new Error("the key was used before");
  await client.query({ ...WALLET, values: [...of, sequence, available, kinds, HASH] });
}

const LOCK = {
  name: "a.lock",
  text: "SELECT sequence, available, held, pending, debt, overdraft, by_kind, hash FROM wallets WHERE account_id = $1 AND credit_type_id = $2 FOR NO KEY UPDATE",
};
const GRANTS = {
  name: "a.grants",
  text: `
    SELECT number, available FROM grants WHERE account_id = $1 AND credit_type_id = $2 AND closed_at IS NULL
      AND effective_at <= now() AND (expires_at IS NULL OR expires_at > now())
    ORDER BY priority, expires_at, kind, effective_at, number`,
};
const PAY = {
  name: "a.pay",
  text: `
    UPDATE grants g SET available = g.available - d.amount, consumed = g.consumed + d.amount, changed_by = $5
    FROM unnest($3::integer[], $4::bigint[]) AS d (number, amount)
    WHERE g.account_id = $1 AND g.credit_type_id = $2 AND g.number = d.number`,
};
const INSERT = {
  name: "a.insert",
  text: `
    INSERT INTO transactions (account_id, credit_type_id, type, sequence, amount, available, held, pending, debt, overdraft, by_kind,
      operation, actor, idempotency_key, fingerprint, policy, effective_at, recorded_at, previous_hash, hash,
      entry_grants, entry_befores, entry_amounts, entry_sources, entry_pots)
    VALUES ($1, $2, 'SPEND', $3, $4, $5, $6, $7, $8, $9, $10, 'chat.completion', 'bench', $11, $12, 1, now(), now(), $13, $14,
      $15, $15, $16, $17, $18)
    ON CONFLICT (account_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING`,
};
const WALLET = {
  name: "a.wallet",
  text: "UPDATE wallets SET sequence = $3, available = $4, by_kind = $5, hash = $6, clock_at = now() WHERE account_id = $1 AND credit_type_id = $2",
};
