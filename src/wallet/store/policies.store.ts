import type { Pool } from "pg";
import { readRows, type Statement, type Transaction } from "../../platform/transaction";
import type { Policy, WalletKey, WaterfallKey } from "../model/types";

/** All SQL about consumption policies: which there are, and who uses which. */

const BY_VERSION: Statement = {
  name: "policies.by_version",
  text: "SELECT p.version, p.keys FROM unnest($1::integer[]) AS k (version) JOIN policies p ON p.version = k.version",
};

interface PolicyRecord {
  readonly version: number;
  readonly keys: WaterfallKey[];
}

/** Policies by version, in the order asked; null where there is none. */
export async function readPolicies(pool: Pool, versions: readonly number[]): Promise<readonly (Policy | null)[]> {
  const found = new Map((await readRows<PolicyRecord>(pool, BY_VERSION, [versions])).map((record) => [record.version, record]));
  return versions.map((version) => found.get(version) ?? null);
}

// Two who add different orders at once must not both take the next number: the lock lets one go after the other.
const LOCK: Statement = { name: "policies.lock", text: "SELECT pg_advisory_xact_lock(hashtext('tranche.policies'))" };

const ADD: Statement = {
  name: "policies.add",
  text: `
    INSERT INTO policies (version, keys) SELECT max(version) + 1, $1::text[] FROM policies
    ON CONFLICT (keys) DO NOTHING`,
};

const FIND: Statement = { name: "policies.find", text: "SELECT version, keys FROM policies WHERE keys = $1::text[]" };

/** The version of an order of the keys; a new one for an order that was not used before. */
export async function versionOf(database: Transaction, keys: readonly WaterfallKey[]): Promise<number> {
  const [known] = await database.query<PolicyRecord>(FIND, [keys]);
  if (known) return known.version;
  database.send(LOCK, []);
  database.send(ADD, [keys]);
  const [added] = await database.query<PolicyRecord>(FIND, [keys]);
  if (!added) throw new Error("a policy that was added is there");
  return added.version;
}

/** An alias, not an interface: only so it is JSON, too. */
type OwnPolicy = { readonly policy: number | null };

const LOCK_WALLET: Statement = {
  name: "policies.lock_wallet",
  text: "SELECT policy FROM wallets WHERE account_id = $1 AND credit_type_id = $2 FOR NO KEY UPDATE",
};
const SET_WALLET: Statement = {
  name: "policies.set_wallet",
  text: "UPDATE wallets SET policy = $3, revision = revision + 1 WHERE account_id = $1 AND credit_type_id = $2",
};

/** A wallet's own policy, which nobody else changes until the transaction ends; null: there is no such wallet. */
export async function lockWalletPolicy(database: Transaction, key: WalletKey): Promise<OwnPolicy | null> {
  const [found] = await database.query<OwnPolicy>(LOCK_WALLET, [key.accountId, key.creditTypeId]);
  return found ? { policy: found.policy } : null;
}

/** Gives a wallet a policy of its own; null: the credit type's again. */
export function setWalletPolicy(database: Transaction, key: WalletKey, version: number | null): void {
  database.send(SET_WALLET, [key.accountId, key.creditTypeId, version]);
}

const LOCK_CREDIT_TYPE: Statement = {
  name: "policies.lock_credit_type",
  text: "SELECT policy FROM credit_types WHERE id = $1 FOR NO KEY UPDATE",
};
const SET_CREDIT_TYPE: Statement = {
  name: "policies.set_credit_type",
  text: "UPDATE credit_types SET policy = $2 WHERE id = $1",
};

/** As `lockWalletPolicy`, of a credit type. */
export async function lockCreditTypePolicy(database: Transaction, id: number): Promise<OwnPolicy | null> {
  const [found] = await database.query<OwnPolicy>(LOCK_CREDIT_TYPE, [id]);
  return found ? { policy: found.policy } : null;
}

export function setCreditTypePolicy(database: Transaction, id: number, version: number): void {
  database.send(SET_CREDIT_TYPE, [id, version]);
}
