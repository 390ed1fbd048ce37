import DataLoader from "dataloader";
import type { Core } from "../platform/context";
import { walletLoadersOf } from "../wallet";
import type { Account } from "./account";
import { readAccounts, readAccountsByExternalId } from "./accounts.store";
import type { ApiKey } from "./api-keys";
import { readApiKeys } from "./api-keys.store";
import type { Member, MemberKey } from "./member";
import { readMembers, textOf } from "./members.store";

/** What one request has read of accounts: each once, and what is asked for together in one statement. Keys are UUIDs. */
export interface AccountLoaders {
  readonly accounts: DataLoader<string, Account | null>;
  readonly accountsByExternalId: DataLoader<string, Account | null>;
  /** By account and number; those who were removed among them. */
  readonly members: DataLoader<MemberKey, Member | null, string>;
  readonly apiKeys: DataLoader<string, ApiKey | null>;
}

/** A request, as far as loaders care: they live and die with it. */
interface Request {
  readonly core: Core;
}

const UNREMEMBERED = { cache: false };
/** What is loaded of accounts goes with what is loaded of wallets: when a mutation or an event may have changed either. */
const LOADERS = new WeakMap<object, AccountLoaders>();

/** The loaders of a request. */
export function loadersOf(request: Request): AccountLoaders {
  const loaded = walletLoadersOf(request);
  const known = LOADERS.get(loaded);
  if (known) return known;
  const { pool } = request.core;
  const loaders = {
    accounts: new DataLoader<string, Account | null>((ids) => readAccounts(pool, ids)),
    // What a mutation of the same request may change is batched, but not remembered.
    accountsByExternalId: new DataLoader<string, Account | null>((ids) => readAccountsByExternalId(pool, ids), UNREMEMBERED),
    members: new DataLoader((keys: readonly MemberKey[]) => readMembers(pool, keys), { cacheKeyFn: textOf }),
    apiKeys: new DataLoader<string, ApiKey | null>((ids) => readApiKeys(pool, ids), UNREMEMBERED),
  };
  LOADERS.set(loaded, loaders);
  return loaders;
}
