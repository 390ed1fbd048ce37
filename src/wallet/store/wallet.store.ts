import { formatInstant, type Instant } from "../../core/time";
import type { Transaction as Database, Statement } from "../../platform/transaction";
import { spentOf } from "../model/refund";
import type { AlertState, Grant, Spent, Threshold, Transaction, Wallet, WalletKey } from "../model/types";
import { type MemberRecord, readMembers, readOtherMembers, toMembers } from "./limits.store";
import type { LoadedWallet } from "./loaded-wallet";
import {
  GRANT_COLUMNS,
  type GrantRecord,
  HOLD_COLUMNS,
  type HoldRecord,
  type KeyRecord,
  TRANSACTION_COLUMNS,
  type TransactionRecord,
  toBalance,
  toGrant,
  toHold,
  toKey,
  toTransaction,
  type WalletRecord,
} from "./wallet.decode";
import type { WalletMemory } from "./wallet-memory";

/**
 * What the spend path reads: whole statements that load all wallets of a batch at once. Each finds its rows by key, one index look-up a
 * wallet (LATERAL with OFFSET 0 keeps the planner from reading tables instead), and all are sent together.
 */

/** Something numbered within a wallet: a grant by number, a hold or transaction by sequence. */
export interface Named {
  readonly key: WalletKey;
  readonly number: number;
}

/** What to load beside what every decision needs. */
export interface Needs {
  readonly keys: readonly WalletKey[];
  readonly grants: readonly Named[];
  readonly holds: readonly Named[];
  /** Spends to be refunded, with the grants that paid and those that repaid debt. */
  readonly spends: readonly Named[];
  /** Members that spend or hold; those whose holds and spends are loaded are loaded with them. */
  readonly members: readonly Named[];
  /** Idempotency keys that may have been used before, by account. */
  readonly uses: readonly { readonly accountId: string; readonly idempotencyKey: string }[];
}

/** The transaction that an idempotency key of an account was used for, and the wallet that it is in. */
export interface KnownUse {
  readonly key: WalletKey;
  readonly transaction: Transaction;
}

export interface Loaded {
  /** By `textOf` the wallet's key; those that do not exist are missing. */
  readonly wallets: ReadonlyMap<string, LoadedWallet>;
  readonly uses: readonly KnownUse[];
}

/** A wallet's key as one text, for maps. */
export function textOf(key: WalletKey): string {
  return `${key.accountId}/${key.creditTypeId}`;
}

const KEYS = "unnest($1::uuid[], $2::integer[]) AS k (account_id, credit_type_id)";

// Locked in the order of their keys: whoever else locks some of them comes the same way, and so nobody waits in a circle.
// NO KEY UPDATE: rows that point to a wallet by foreign key may be written meanwhile; another writer of the wallet may not.
const LOCK: Statement = {
  name: "wallets.lock",
  text: `
    SELECT 1 FROM ${KEYS} JOIN wallets w ON w.account_id = k.account_id AND w.credit_type_id = k.credit_type_id
    ORDER BY w.account_id, w.credit_type_id
    FOR NO KEY UPDATE OF w`,
};

// With its standing thresholds as arrays, and the first open hold to expire: both are rare, and so not worth statements of their own.
const WALLETS: Statement = {
  name: "wallets.load",
  text: `
    SELECT w.account_id, w.credit_type_id, w.sequence, w.clock_at, w.hash, w.grant_count, w.alert_count, w.available, w.held, w.pending,
           w.debt, w.overdraft, w.by_kind, w.depletion, w.next_due_at, w.revision, a.time_zone, a.test_clock, a.plan_id, c.refund_grace, c.expiry_notice,
           c.price_revision, c.unit_revision,
           p.version AS policy_version, p.keys AS policy_keys, standing.*,
           (SELECT t.number FROM thresholds t WHERE t.account_id = w.account_id AND t.credit_type_id = w.credit_type_id
            ORDER BY t.number DESC LIMIT 1) AS last_threshold,
           (SELECT h.expires_at FROM holds h
            WHERE h.account_id = w.account_id AND h.credit_type_id = w.credit_type_id AND h.status = 'OPEN'
            ORDER BY h.expires_at LIMIT 1) AS first_hold_expires_at
    FROM ${KEYS}
    JOIN wallets w ON w.account_id = k.account_id AND w.credit_type_id = k.credit_type_id
    JOIN accounts a ON a.id = w.account_id
    JOIN credit_types c ON c.id = w.credit_type_id
    JOIN policies p ON p.version = coalesce(w.policy, c.policy)
    CROSS JOIN LATERAL (
      SELECT array_agg(t.number ORDER BY t.number) AS threshold_numbers, array_agg(t.amount ORDER BY t.number) AS threshold_amounts,
             array_agg(t.state ORDER BY t.number)::text[] AS threshold_states
      FROM thresholds t
      WHERE t.account_id = w.account_id AND t.credit_type_id = w.credit_type_id AND t.removed_at IS NULL) standing`,
};

const OPEN_GRANTS: Statement = {
  name: "grants.load_open",
  text: `
    SELECT g.* FROM ${KEYS} CROSS JOIN LATERAL (
      SELECT ${GRANT_COLUMNS} FROM grants g
      WHERE g.account_id = k.account_id AND g.credit_type_id = k.credit_type_id AND g.closed_at IS NULL OFFSET 0) g`,
};

const NAMED_GRANTS: Statement = {
  name: "grants.load_named",
  text: `
    SELECT g.* FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS k (account_id, credit_type_id, number)
    CROSS JOIN LATERAL (
      SELECT ${GRANT_COLUMNS} FROM grants g
      WHERE g.account_id = k.account_id AND g.credit_type_id = k.credit_type_id AND g.number = k.number OFFSET 0) g`,
};

const REFUND_GRANTS: Statement = {
  name: "grants.load_refunded",
  text: `
    SELECT g.* FROM unnest($1::uuid[], $2::integer[], $3::bigint[]) AS k (account_id, credit_type_id, sequence)
    CROSS JOIN LATERAL (
      SELECT ${GRANT_COLUMNS} FROM grants g
      WHERE g.account_id = k.account_id AND g.credit_type_id = k.credit_type_id AND g.number IN (
        SELECT unnest(t.entry_grants) FROM transactions t
        WHERE t.account_id = k.account_id AND t.credit_type_id = k.credit_type_id AND t.sequence = k.sequence)
      UNION ALL
      SELECT ${GRANT_COLUMNS} FROM grants g
      WHERE g.account_id = k.account_id AND g.credit_type_id = k.credit_type_id AND g.repaid > 0) g`,
};

// Due is what is due by the latest clock of all these wallets: a transfer takes both of its wallets to the later of their clocks. What
// lives by test clocks, which may be years ahead, is taken apart. Too much does no harm: what is loaded is judged by time again.
// The due ones, the named ones, and the first that are not due: one more than are named, so that the next to fall due that is not
// loaded is among them.
const HOLDS: Statement = {
  name: "holds.load",
  text: `
    WITH k AS MATERIALIZED (
      SELECT u.*, greatest(max(w.clock_at) OVER (PARTITION BY a.test_clock), a.test_clock, $4) AS due_by
      FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS u (account_id, credit_type_id, named)
      JOIN wallets w ON w.account_id = u.account_id AND w.credit_type_id = u.credit_type_id
      JOIN accounts a ON a.id = w.account_id)
    SELECT 'DUE' AS reason, h.* FROM k CROSS JOIN LATERAL (
      SELECT ${HOLD_COLUMNS} FROM holds h
      WHERE h.account_id = k.account_id AND h.credit_type_id = k.credit_type_id AND h.status = 'OPEN' AND h.expires_at <= k.due_by
      OFFSET 0) h
    UNION ALL
    SELECT 'NEXT', h.* FROM k CROSS JOIN LATERAL (
      SELECT ${HOLD_COLUMNS} FROM holds h
      WHERE h.account_id = k.account_id AND h.credit_type_id = k.credit_type_id AND h.status = 'OPEN' AND h.expires_at > k.due_by
      ORDER BY h.expires_at, h.sequence LIMIT k.named + 1) h
    UNION ALL
    SELECT 'NAMED', h.* FROM unnest($5::uuid[], $6::integer[], $7::bigint[]) AS n (account_id, credit_type_id, sequence)
    CROSS JOIN LATERAL (
      SELECT ${HOLD_COLUMNS} FROM holds h
      WHERE h.account_id = n.account_id AND h.credit_type_id = n.credit_type_id AND h.sequence = n.sequence OFFSET 0) h`,
};

const SPENDS: Statement = {
  name: "transactions.load_spends",
  text: `
    SELECT t.*, refunded.amount AS refunded, held.held_at
    FROM unnest($1::uuid[], $2::integer[], $3::bigint[]) AS k (account_id, credit_type_id, sequence)
    CROSS JOIN LATERAL (
      SELECT ${TRANSACTION_COLUMNS} FROM transactions t
      WHERE t.account_id = k.account_id AND t.credit_type_id = k.credit_type_id AND t.sequence = k.sequence OFFSET 0) t
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(r.amount), 0)::bigint AS amount FROM transactions r
      WHERE r.account_id = k.account_id AND r.credit_type_id = k.credit_type_id AND r.relates_to = k.sequence AND r.type = 'REFUND'
    ) refunded
    LEFT JOIN LATERAL (
      SELECT h.held_at FROM holds h
      WHERE h.account_id = k.account_id AND h.credit_type_id = k.credit_type_id AND h.sequence = t.relates_to
        AND t.type = 'CAPTURE' OFFSET 0) held ON true`,
};

const USES: Statement = {
  name: "transactions.load_uses",
  text: `
    SELECT t.* FROM unnest($1::uuid[], $2::text[]) AS k (account_id, idempotency_key)
    CROSS JOIN LATERAL (
      SELECT ${TRANSACTION_COLUMNS} FROM transactions t
      WHERE t.account_id = k.account_id AND t.idempotency_key = k.idempotency_key LIMIT 1) t`,
};

/**
 * Loads the wallets that a batch works on, with all that its decisions need, judged as of `now`, and keeps other writers away from them
 * until the transaction ends. It is read after the lock, by statements of their own, and so is the latest; but for open grants that
 * `memory` knows, which are not read again.
 */
export function lockWallets(database: Database, needs: Needs, now: Instant, memory: WalletMemory): Promise<Loaded> {
  database.send(LOCK, splitKeys(needs.keys));
  return loadWallets(database, needs, now, memory);
}

/** Loads wallets with all that decisions need, judged as of `now`, or as of their test clocks where those are later. */
export async function loadWallets(
  database: Database,
  needs: Needs,
  now: Instant,
  memory: WalletMemory | null = null,
): Promise<Loaded> {
  const loading = database.query<WalletLoad>(WALLETS, splitKeys(needs.keys));
  const [wallets, open, grants, named, spends, members, uses] = await Promise.all([
    loading,
    loadOpenGrants(database, needs.keys, loading, memory),
    loadNamedGrants(database, needs),
    needs.holds.length === 0 ? null : loadHolds(database, needs, now),
    needs.spends.length === 0 ? [] : database.query<SpendLoad>(SPENDS, splitNamed(needs.spends)),
    needs.members.length === 0 ? [] : readMembers(database, needs.members),
    loadUses(database, needs),
  ]);
  // Where no hold is named, those that are due are asked for only when there are any: a round trip more, now and then.
  const latest = wallets.reduce((at, record) => laterOf(at, laterOf(record.clock_at, record.test_clock ?? at)), now);
  const due = wallets.some(({ first_hold_expires_at: first }) => first !== null && first <= latest);
  const holds = named ?? (due ? await loadHolds(database, needs, now) : null);
  const others = await readOtherMembers(database, needs.members, [...(holds ?? []), ...spends]);
  const parts: Parts = {
    open,
    named: gather(grants, toGrant),
    holds: holds === null ? null : gather(holds, (record) => record),
    spents: gather(spends, (record) => spentOf(toTransaction(record), record.refunded, record.held_at)),
    members: gather([...members, ...others], (record) => record),
  };
  return { wallets: new Map(wallets.map((record) => [textOf(toKey(record)), assemble(record, parts)])), uses };
}

function laterOf(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

interface WalletLoad extends WalletRecord {
  /** The number of the last threshold there ever was; null: none. */
  readonly last_threshold: number | null;
  readonly first_hold_expires_at: bigint | null;
  readonly price_revision: number;
  readonly plan_id: number | null;
  readonly unit_revision: number;
  /** The thresholds that stand; null, all three: none. */
  readonly threshold_numbers: number[] | null;
  readonly threshold_amounts: bigint[] | null;
  readonly threshold_states: AlertState[] | null;
}

interface SpendLoad extends TransactionRecord {
  readonly refunded: bigint;
  /** When the hold was made that it captures. */
  readonly held_at: bigint | null;
}

type HoldLoad = HoldRecord & { readonly reason: "DUE" | "NEXT" | "NAMED" };

interface Parts {
  /** The open grants, in order. */
  readonly open: ReadonlyMap<string, readonly Grant[]>;
  /** Those that the commands are about, open or not. */
  readonly named: ReadonlyMap<string, readonly Grant[]>;
  /** Null: none is named, and none due in any of the wallets. */
  readonly holds: ReadonlyMap<string, readonly HoldLoad[]> | null;
  readonly spents: ReadonlyMap<string, readonly Spent[]>;
  readonly members: ReadonlyMap<string, readonly MemberRecord[]>;
}

/** By `textOf` their wallet's key. Those of wallets that nobody remembers are read along with the wallets; the others if they changed. */
async function loadOpenGrants(
  database: Database,
  keys: readonly WalletKey[],
  wallets: Promise<readonly WalletLoad[]>,
  memory: WalletMemory | null,
): Promise<ReadonlyMap<string, readonly Grant[]>> {
  const open = new Map<string, readonly Grant[]>();
  const read = async (some: readonly WalletKey[]): Promise<void> => {
    if (some.length === 0) return;
    for (const key of some) open.set(textOf(key), []);
    const records = await database.query<GrantRecord>(OPEN_GRANTS, splitKeys(some));
    for (const [text, grants] of gather(records, toGrant))
      open.set(
        text,
        inOrder(grants, (grant) => grant.number),
      );
  };
  await read(memory === null ? keys : keys.filter((key) => !memory.knows(textOf(key))));
  const changed: WalletKey[] = [];
  for (const record of await wallets) {
    const key = toKey(record);
    const text = textOf(key);
    if (open.has(text)) continue;
    const grants = memory?.grantsAt(text, record.hash);
    if (grants) open.set(text, grants);
    else changed.push(key);
  }
  await read(changed);
  return open;
}

async function loadNamedGrants(database: Database, needs: Needs): Promise<readonly GrantRecord[]> {
  const loads: Promise<readonly GrantRecord[]>[] = [];
  if (needs.grants.length > 0) loads.push(database.query<GrantRecord>(NAMED_GRANTS, splitNamed(needs.grants)));
  if (needs.spends.length > 0) loads.push(database.query<GrantRecord>(REFUND_GRANTS, splitNamed(needs.spends)));
  return (await Promise.all(loads)).flat();
}

function loadHolds(database: Database, needs: Needs, now: Instant): Promise<readonly HoldLoad[]> {
  const named = new Map<string, number>();
  for (const { key } of needs.holds) named.set(textOf(key), (named.get(textOf(key)) ?? 0) + 1);
  const counts = needs.keys.map((key) => named.get(textOf(key)) ?? 0);
  return database.query<HoldLoad>(HOLDS, [...splitKeys(needs.keys), counts, formatInstant(now), ...splitNamed(needs.holds)]);
}

async function loadUses(database: Database, needs: Needs): Promise<readonly KnownUse[]> {
  if (needs.uses.length === 0) return [];
  const values = [needs.uses.map((use) => use.accountId), needs.uses.map((use) => use.idempotencyKey)];
  const records = await database.query<TransactionRecord>(USES, values);
  return records.map((record) => ({ key: toKey(record), transaction: toTransaction(record) }));
}

function assemble(record: WalletLoad, parts: Parts): LoadedWallet {
  const key = toKey(record);
  const text = textOf(key);
  const wallet: Wallet = {
    key,
    sequence: Number(record.sequence),
    clockAt: record.clock_at,
    hash: record.hash,
    grantCount: record.grant_count,
    alertCount: record.alert_count,
    policy: { version: record.policy_version, keys: record.policy_keys },
    timeZone: record.time_zone,
    testClock: record.test_clock,
    refundGrace: record.refund_grace,
    expiryNotice: record.expiry_notice,
    balance: toBalance(record),
    depletion: record.depletion,
    thresholds: toThresholds(record),
    grants: withNamed(parts.open.get(text) ?? [], parts.named.get(text)),
    spents: inOrder(parts.spents.get(text) ?? [], (spent) => spent.sequence),
    members: toMembers(parts.members.get(text) ?? []),
    ...(parts.holds === null
      ? { holds: [], unloadedDueAt: record.first_hold_expires_at }
      : splitHolds(parts.holds.get(text) ?? [])),
  };
  const { next_due_at: nextDueAt, last_threshold, revision } = record;
  const { price_revision: priceRevision, unit_revision: unitRevision, plan_id: plan } = record;
  return { wallet, nextDueAt, thresholdCount: last_threshold ?? 0, revision, priceRevision, unitRevision, plan };
}

function toThresholds({ threshold_numbers, threshold_amounts, threshold_states }: WalletLoad): readonly Threshold[] {
  return (threshold_numbers ?? []).map((number, index) => ({
    number,
    amount: (threshold_amounts as bigint[])[index] as bigint,
    state: (threshold_states as AlertState[])[index] as AlertState,
  }));
}

/** The due and named holds; and when the first of the others falls due. */
function splitHolds(records: readonly HoldLoad[]): Pick<Wallet, "holds" | "unloadedDueAt"> {
  const loaded = records.filter((record) => record.reason !== "NEXT").map(toHold);
  const sequences = new Set(loaded.map((hold) => hold.sequence));
  let unloadedDueAt: Instant | null = null;
  for (const { reason, sequence, expires_at: at } of records) {
    if (reason === "NEXT" && !sequences.has(Number(sequence)) && (unloadedDueAt === null || at < unloadedDueAt))
      unloadedDueAt = at;
  }
  return { holds: inOrder(loaded, (hold) => hold.sequence), unloadedDueAt };
}

function withNamed(open: readonly Grant[], named: readonly Grant[] | undefined): readonly Grant[] {
  return named ? inOrder([...open, ...named], (grant) => grant.number) : open;
}

/** In the order of their numbers, each once: what two statements found stands there twice. */
function inOrder<T>(list: readonly T[], numberOf: (one: T) => number): readonly T[] {
  const sorted = list.toSorted((a, b) => numberOf(a) - numberOf(b));
  return sorted.filter((one, index) => index === 0 || numberOf(one) !== numberOf(sorted[index - 1] as T));
}

function gather<R extends KeyRecord, T>(records: readonly R[], convert: (record: R) => T): ReadonlyMap<string, readonly T[]> {
  const map = new Map<string, T[]>();
  for (const record of records) {
    const text = textOf(toKey(record));
    const list = map.get(text);
    if (list) list.push(convert(record));
    else map.set(text, [convert(record)]);
  }
  return map;
}

/** Keys as arrays side by side, for unnest. */
export function splitKeys(keys: readonly WalletKey[]): unknown[] {
  return [keys.map((key) => key.accountId), keys.map((key) => key.creditTypeId)];
}

export function splitNamed(named: readonly Named[]): unknown[] {
  return [...splitKeys(named.map((one) => one.key)), named.map((one) => one.number)];
}
