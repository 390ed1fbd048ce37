import { type Act, type Operator, recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import { forgetCreditTypes } from "./credit-types";
import { creditTypeIdOf, walletId } from "./ids";
import type { WalletKey, WaterfallKey } from "./model/types";
import { lockCreditTypePolicy, lockWalletPolicy, setCreditTypePolicy, setWalletPolicy, versionOf } from "./store/policies.store";

/** The version of an order of the five keys: orders are numbered as they are first used, and never change. */
export function policyVersion(core: Core, keys: readonly WaterfallKey[]): Promise<number> {
  return inTransaction(core.pool, "write", (database) => versionOf(database, keys));
}

/**
 * Sets the order in which a wallet's grants pay, for what is spent afterwards; `keys` null: the credit type's order again. `by`: who
 * does it. False: there is no such wallet.
 */
export function setPolicyOfWallet(
  core: Core,
  key: WalletKey,
  keys: readonly WaterfallKey[] | null,
  by: Operator,
): Promise<boolean> {
  return inTransaction(core.pool, "write", async (database) => {
    const before = await lockWalletPolicy(database, key);
    if (!before) return false;
    const policy = keys && (await versionOf(database, keys));
    setWalletPolicy(database, key, policy);
    const subject = { subject: walletId(key), accountId: key.accountId };
    if (before.policy !== policy) recordAct(database, { ...setting(core, by), ...subject, before, after: { policy } });
    return true;
  });
}

/** As above, for all wallets of a credit type that have no order of their own. False: there is no such credit type. */
export async function setPolicyOfCreditType(
  core: Core,
  creditTypeId: number,
  keys: readonly WaterfallKey[],
  by: Operator,
): Promise<boolean> {
  const found = await inTransaction(core.pool, "write", async (database) => {
    const before = await lockCreditTypePolicy(database, creditTypeId);
    if (!before) return false;
    const policy = await versionOf(database, keys);
    setCreditTypePolicy(database, creditTypeId, policy);
    const subject = { subject: creditTypeIdOf(creditTypeId), accountId: null };
    if (before.policy !== policy) recordAct(database, { ...setting(core, by), ...subject, before, after: { policy } });
    return true;
  });
  forgetCreditTypes(core);
  return found;
}

function setting({ clock }: Core, by: Operator): Pick<Act, "at" | "action" | keyof Operator> {
  return { at: clock.now(), action: "setPolicy", ...by };
}
