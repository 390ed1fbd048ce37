import DataLoader from "dataloader";
import type { Core } from "../platform/context";
import type { Account } from "./account";
import { readAccounts, readAccountsByExternalId } from "./accounts.store";
import type { ApiKey } from "./api-keys";
import { readApiKeys } from "./api-keys.store";

/** What a request reads of accounts: what is asked for together in one statement. Keys are UUIDs. */
export interface AccountLoaders {
  readonly accounts: DataLoader<string, Account | null>;
  readonly accountsByExternalId: DataLoader<string, Account | null>;
  readonly apiKeys: DataLoader<string, ApiKey | null>;
}

/** A request, as far as loaders care: they live and die with it. */
interface Request {
  readonly core: Core;
}

const UNREMEMBERED = { cache: false };
const LOADERS = new WeakMap<Request, AccountLoaders>();

/** The loaders of a request. */
export function loadersOf(request: Request): AccountLoaders {
  const known = LOADERS.get(request);
  if (known) return known;
  const { pool } = request.core;
  const loaders = {
    // What a mutation of the same request may change is batched, but not remembered; nor what may change while a subscription lasts.
    accounts: new DataLoader<string, Account | null>((ids) => readAccounts(pool, ids), UNREMEMBERED),
    accountsByExternalId: new DataLoader<string, Account | null>((ids) => readAccountsByExternalId(pool, ids), UNREMEMBERED),
    apiKeys: new DataLoader<string, ApiKey | null>((ids) => readApiKeys(pool, ids), UNREMEMBERED),
  };
  LOADERS.set(request, loaders);
  return loaders;
}
