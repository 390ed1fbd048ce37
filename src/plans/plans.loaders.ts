import DataLoader from "dataloader";
import type { Core } from "../platform/context";
import { plansById } from "./catalogue";
import type { Plan, PublishedVersion } from "./plan";
import { readLatest } from "./plans.store";

/** What one request has read of plans, by their ids: what is asked for together in one statement. */
export interface PlanLoaders {
  readonly plans: DataLoader<number, Plan | null>;
  readonly latest: DataLoader<number, PublishedVersion | null>;
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
  const loaders = {
    plans: new DataLoader<number, Plan | null>((ids) => plansById(core, ids), options),
    latest: new DataLoader<number, PublishedVersion | null>((ids) => readLatest(core.pool, ids), options),
  };
  LOADERS.set(request, loaders);
  return loaders;
}
