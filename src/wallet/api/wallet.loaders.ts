import DataLoader from "dataloader";
import type { Instant } from "../../core/time";
import type { Core } from "../../platform/context";
import { Turns } from "../../platform/turns";
import type { Window } from "../../platform/window";
import type { Numbered } from "../ids";
import type { PlacedAlert } from "../live/alert-cursor";
import type { Grant, Hold, HoldStatus, Policy, Transaction, Wallet, WalletKey } from "../model/types";
import { type NamedPerson, readAccountIds, readExpiringHolds, readKeysOf, readMemberNumbers } from "../store/finding.reads";
import { type GrantFilter, pageGrants, pageGrantsByConsumption } from "../store/grant.pages";
import { balanceAt, stateBefore } from "../store/past.reads";
import { readPolicies } from "../store/policies.store";
import { usage } from "../store/usage.reads";
import {
  type EntryCursor,
  pageAlerts,
  pageEntriesOfGrant,
  pageHolds,
  pageTransactions,
  type TransactionFilter,
} from "../store/wallet.pages";
import { type Dated, readAlerts, readGrants, readHolds, readTransactions, readWallets } from "../store/wallet.reads";
import type { UsageQuery } from "../usage";

/** What is read of one wallet at a time: each reading may take long, and a request may ask for many. */
export const readings = {
  balanceAt: inTurn(({ core }, key: WalletKey, at: Instant) => balanceAt(core.pool, key, at)),
  stateBefore: inTurn(({ core }, key: WalletKey, sequence: number) => stateBefore(core.pool, key, sequence)),
  usage: inTurn(({ core }, key: WalletKey, query: UsageQuery) => usage(core.pool, key, query)),
  transactions: inTurn(({ core }, key: WalletKey, filter: TransactionFilter, window: Window) =>
    pageTransactions(core.pool, key, filter, window),
  ),
  grants: inTurn(({ core }, key: WalletKey, filter: GrantFilter, window: Window, at: Instant) =>
    pageGrants(core.pool, key, filter, window, at),
  ),
  grantsByConsumption: inTurn(({ core }, key: WalletKey, filter: GrantFilter, window: Window, at: Instant) =>
    pageGrantsByConsumption(core.pool, key, filter, window, at),
  ),
  entriesOfGrant: inTurn(({ core }, key: WalletKey, grant: number, window: Window<EntryCursor>) =>
    pageEntriesOfGrant(core.pool, key, grant, window),
  ),
  holds: inTurn(
    ({ core }, key: WalletKey, statuses: readonly HoldStatus[] | null, app: string | null, window: Window, at: Instant) =>
      pageHolds(core.pool, key, statuses, window, at, app),
  ),
  expiringHolds: inTurn(({ core }, key: WalletKey, app: string | null, limit: number) =>
    readExpiringHolds(core.pool, key, app, limit),
  ),
  alerts: inTurn(({ core }, key: WalletKey, window: Window) => pageAlerts(core.pool, key, window)),
};

/** Half of a database's connections are for such readings, so that those who spend find one however much is read. */
function inTurn<Asked extends readonly unknown[], Result>(
  read: (request: Request, ...asked: Asked) => Promise<Result>,
): (request: Request, ...asked: Asked) => Promise<Result> {
  return (request, ...asked) => turnsOf(request.core.pool).take(() => read(request, ...asked));
}

const TURNS = new WeakMap<Core["pool"], Turns>();

function turnsOf(pool: Core["pool"]): Turns {
  const turns = TURNS.get(pool) ?? new Turns(Math.max(1, Math.floor((pool.options.max ?? 2) / 2)));
  TURNS.set(pool, turns);
  return turns;
}

/**
 * What one request has read of wallets: each thing once, and what is asked for together in one statement. A nested list costs the same
 * number of statements whatever its length.
 */
export interface WalletLoaders {
  readonly wallets: DataLoader<WalletKey, Wallet | null, string>;
  /** Wallets with what a member, by number, may take of them. */
  readonly walletsOfMembers: DataLoader<Numbered, Wallet | null, string>;
  readonly grants: DataLoader<Numbered, Dated<Grant> | null, string>;
  readonly transactions: DataLoader<Numbered, Transaction | null, string>;
  readonly holds: DataLoader<Numbered, Dated<Hold> | null, string>;
  readonly alerts: DataLoader<Numbered, PlacedAlert | null, string>;
  readonly policies: DataLoader<number, Policy | null>;
  /** UUIDs of accounts, by the operator's ids for them. */
  readonly accountIds: DataLoader<string, string | null>;
  /** Members' numbers in their accounts, by the operator's ids for them; those who were removed keep theirs. */
  readonly memberNumbers: DataLoader<NamedPerson, number | null, string>;
  /** The wallets of accounts, by UUID. */
  readonly keysOf: DataLoader<string, readonly WalletKey[]>;
}

/** A request, as far as loaders care: they live and die with it. */
interface Request {
  readonly core: Core;
}

const LOADERS = new WeakMap<Request, WalletLoaders>();

/** The loaders of a request. */
export function loadersOf(request: Request): WalletLoaders {
  const known = LOADERS.get(request);
  if (known) return known;
  const loaders = makeLoaders(request.core);
  LOADERS.set(request, loaders);
  return loaders;
}

/** Forgets what a request has read: after a mutation, and before each event of a subscription, it is out of date. */
export function forgetLoaded(request: Request): void {
  LOADERS.delete(request);
}

function makeLoaders({ pool, clock }: Core): WalletLoaders {
  return {
    wallets: new DataLoader((keys) => readWallets(pool, keys, clock.now()), { cacheKeyFn: textOfKey }),
    walletsOfMembers: new DataLoader(
      (named) =>
        readWallets(
          pool,
          named.map(({ key }) => key),
          clock.now(),
          named,
        ),
      NUMBERED,
    ),
    grants: new DataLoader((named) => readGrants(pool, named, clock.now()), NUMBERED),
    transactions: new DataLoader((named) => readTransactions(pool, named), NUMBERED),
    holds: new DataLoader((named) => readHolds(pool, named, clock.now()), NUMBERED),
    alerts: new DataLoader((named) => readAlerts(pool, named), NUMBERED),
    policies: new DataLoader((versions) => readPolicies(pool, versions)),
    accountIds: new DataLoader((externalIds) => readAccountIds(pool, externalIds)),
    memberNumbers: new DataLoader((named) => readMemberNumbers(pool, named), {
      cacheKeyFn: ({ accountId, externalId }) => `${accountId}/${externalId}`,
    }),
    keysOf: new DataLoader((accountIds) => readKeysOf(pool, accountIds)),
  };
}

const NUMBERED = { cacheKeyFn: ({ key, number }: Numbered) => `${textOfKey(key)}/${number}` };

function textOfKey(key: WalletKey): string {
  return `${key.accountId}/${key.creditTypeId}`;
}
