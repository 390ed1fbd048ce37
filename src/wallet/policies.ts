import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import { forgetCreditTypes } from "./credit-types";
import type { WalletKey, WaterfallKey } from "./model/types";
import { setCreditTypePolicy, setWalletPolicy, versionOf } from "./policies.store";

/** The version of an order of the five keys: orders are numbered as they are first used, and never change. */
export function policyVersion(core: Core, keys: readonly WaterfallKey[]): Promise<number> {
  return inTransaction(core.pool, "write", (database) => versionOf(database, keys));
}

/**
 * Sets the order in which a wallet's grants pay, for what is spent afterwards; `keys` null: the credit type's order again. False: there
 * is no such wallet.
 */
export function setPolicyOfWallet(core: Core, key: WalletKey, keys: readonly WaterfallKey[] | null): Promise<boolean> {
  return inTransaction(core.pool, "write", async (database) =>
    setWalletPolicy(database, key, keys === null ? null : await versionOf(database, keys)),
  );
}

/** As above, for all wallets of a credit type that have no order of their own. False: there is no such credit type. */
export async function setPolicyOfCreditType(core: Core, creditTypeId: number, keys: readonly WaterfallKey[]): Promise<boolean> {
  const found = await inTransaction(core.pool, "write", async (database) =>
    setCreditTypePolicy(database, creditTypeId, await versionOf(database, keys)),
  );
  forgetCreditTypes(core);
  return found;
}
