import type { Json } from "../core/json";
import type { Operator } from "../platform/act";
import type { Core } from "../platform/context";
import { uuidv7 } from "../platform/ids";
import type { Account } from "./account";
import { insertAccount } from "./accounts.store";

export interface NewAccount {
  readonly externalId: string;
  readonly name: string | null;
  readonly timeZone: string;
  readonly metadata: Json | null;
}

/** `taken`: another account, with other terms, has the external id. `created`: false when it was there already, with the same terms. */
export type CreateAccountAnswer =
  | { readonly status: "done"; readonly created: boolean; readonly account: Account }
  | { readonly status: "taken" };

/** Adds an account. The same input again answers the account that there is, so that it is safe to send twice. `by`: who does it. */
export async function createAccount(
  core: Pick<Core, "pool" | "clock">,
  input: NewAccount,
  by: Operator,
): Promise<CreateAccountAnswer> {
  const now = core.clock.now();
  const account = { ...input, id: uuidv7(now), createdAt: now, testClock: null };
  const standing = await insertAccount(core.pool, account, by);
  if (!standing.same) return { status: "taken" };
  return { status: "done", created: standing.account.id === account.id, account: standing.account };
}
