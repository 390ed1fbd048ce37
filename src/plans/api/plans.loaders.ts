import DataLoader from "dataloader";
import type { Amount } from "../../core/amount";
import type { Core } from "../../platform/context";
import { plansById } from "../catalogue";
import type { Owing } from "../model/owing";
import type { Plan, PublishedVersion, SubscriptionKey } from "../plan";
import type { Progress } from "../plan-migration";
import { standingsOf } from "../standing";
import { readProgress } from "../store/plan-migrations.store";
import { readLatest } from "../store/plans.store";
import {
  type EventKey,
  type GrantName,
  type OwingName,
  readActsOf,
  readGivenAmounts,
  readGrantNumbers,
  readLive,
  readOwings,
  readSubscriptions,
} from "../store/subscriptions.reads";
import type { PlanAct, Standing } from "../subscription";

/** What one request has read of plans, by their ids: what is asked for together in one statement. */
export interface PlanLoaders {
  readonly plans: DataLoader<number, Plan | null>;
  readonly latest: DataLoader<number, PublishedVersion | null>;
  readonly subscriptions: DataLoader<SubscriptionKey, Standing | null>;
  /** The subscriptions that accounts are on, by UUID. */
  readonly live: DataLoader<string, Standing | null>;
  /** What came of events for the wallets. */
  readonly acts: DataLoader<EventKey, readonly PlanAct[]>;
  /** The numbers of grants that subscriptions made. */
  readonly grantNumbers: DataLoader<GrantName, number | null>;
  /** How much was really given by grants that subscriptions made; null: not yet. */
  readonly givenAmounts: DataLoader<GrantName, Amount | null>;
  /** What subscriptions owe in credit types, for it was spent before its time. */
  readonly owing: DataLoader<OwingName, Owing>;
  /** How far migrations are. */
  readonly progress: DataLoader<number, Progress>;
}

/** A request, as far as loaders care: they live and die with it. */
interface Request {
  readonly core: Core;
}

const LOADERS = new WeakMap<Request, PlanLoaders>();

/** The loaders of a request. What a mutation of the same request may change is batched, but not remembered. */
export function planLoadersOf(request: Request): PlanLoaders {
  const known = LOADERS.get(request);
  if (known) return known;
  const { core } = request;
  const options = { cache: false };
  const loaders: PlanLoaders = {
    plans: new DataLoader((ids) => plansById(core, ids), options),
    latest: new DataLoader((ids) => readLatest(core.pool, ids), options),
    subscriptions: new DataLoader((keys) => readStandings(core, keys), options),
    live: new DataLoader((accountIds) => readLiveOf(core, accountIds), options),
    acts: new DataLoader((events) => readActs(core, events), options),
    grantNumbers: new DataLoader((names) => readGrantNumbers(core.pool, names), options),
    givenAmounts: new DataLoader((names) => readGivenAmounts(core.pool, names), options),
    owing: new DataLoader((names) => readOwings(core.pool, names), options),
    progress: new DataLoader((ids) => readProgress(core.pool, ids), options),
  };
  LOADERS.set(request, loaders);
  return loaders;
}

async function readStandings(core: Core, keys: readonly SubscriptionKey[]): Promise<readonly (Standing | null)[]> {
  const standings = await standingsOf(core, await readSubscriptions(core.pool, keys));
  const found = new Map(standings.map((standing) => [textOf(standing.key), standing]));
  return keys.map((key) => found.get(textOf(key)) ?? null);
}

async function readLiveOf(core: Core, accountIds: readonly string[]): Promise<readonly (Standing | null)[]> {
  const standings = await standingsOf(core, await readLive(core.pool, accountIds));
  const found = new Map(standings.map((standing) => [standing.key.accountId, standing]));
  return accountIds.map((id) => found.get(id) ?? null);
}

async function readActs(core: Core, events: readonly EventKey[]): Promise<readonly (readonly PlanAct[])[]> {
  const acts = new Map<string, PlanAct[]>(events.map(({ key, number }) => [`${textOf(key)} ${number}`, []]));
  for (const act of await readActsOf(core.pool, events)) acts.get(`${textOf(act.key)} ${act.event}`)?.push(act);
  return events.map(({ key, number }) => acts.get(`${textOf(key)} ${number}`) ?? []);
}

function textOf({ accountId, number }: SubscriptionKey): string {
  return `${accountId} ${number}`;
}
