import type { Core } from "../platform/context";
import type { PageRequest, PageRows } from "../platform/graphql/paging";
import type { Account } from "./account";
import { pageAccounts } from "./accounts.store";
import type { ApiKey } from "./api-keys";
import { pageApiKeys } from "./api-keys.store";
import type { Member } from "./member";
import { pageMembers } from "./members.store";

/** A part of all accounts, newest first. `search`: only those whose external id or name contains it, in either case. Positions are UUIDs. */
export function listAccounts(core: Core, search: string | null, request: PageRequest<string>): Promise<PageRows<Account>> {
  return pageAccounts(core.pool, search, request);
}

/** A part of all API keys, newest first, the revoked and expired ones too. Positions are UUIDs. */
export function listApiKeys(core: Core, request: PageRequest<string>): Promise<PageRows<ApiKey>> {
  return pageApiKeys(core.pool, request);
}

/** A part of an account's members, the first of them first, without those who were removed. Positions are their numbers. */
export function listMembers(core: Core, accountId: string, request: PageRequest<number>): Promise<PageRows<Member>> {
  return pageMembers(core.pool, accountId, { ...request, newestFirst: false });
}
