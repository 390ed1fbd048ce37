import type { Operator } from "../platform/act";
import type { Core } from "../platform/context";
import type { Wallet } from "./model/types";
import { insertWallet } from "./store/keeping.store";

/** `absent`: no such account, credit type or policy. */
export type OpenAnswer =
  | { readonly status: "done"; readonly opened: boolean; readonly wallet: Wallet }
  | { readonly status: "absent" };

/**
 * Opens an account's wallet of a credit type: empty, no transaction yet. One that is open already is answered as it is. `policy`: the
 * version of the consumption order for this wallet; null: the credit type's, whatever it becomes. `by`: who does it.
 */
export async function openWallet(
  core: Core,
  accountId: string,
  creditTypeId: number,
  by: Operator,
  policy: number | null = null,
): Promise<OpenAnswer> {
  const found = await insertWallet(core.pool, { accountId, creditTypeId }, policy, core.clock.now(), by);
  return found ? { status: "done", ...found } : { status: "absent" };
}
