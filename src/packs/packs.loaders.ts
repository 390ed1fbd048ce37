import DataLoader from "dataloader";
import type { Core } from "../platform/context";
import type { Pack } from "./pack";
import { packsForSale } from "./packs";
import { readPacks } from "./packs.store";

/** What one request has read of packs: what is asked for together is read in one statement. */
export interface PackLoaders {
  /** By the number in the catalogue. */
  readonly packs: DataLoader<number, Pack | null>;
  /** By credit type: all that are for sale, the cheapest first. */
  readonly forSale: DataLoader<number, readonly Pack[]>;
}

interface Request {
  readonly core: Core;
}

/** What a mutation of the same request may change is not remembered. */
const UNREMEMBERED = { cache: false };
const LOADERS = new WeakMap<Request, PackLoaders>();

/** The loaders of a request. */
export function loadersOf(request: Request): PackLoaders {
  const known = LOADERS.get(request);
  if (known) return known;
  const { core } = request;
  const loaders = {
    packs: new DataLoader<number, Pack | null>((ids) => readPacks(core.pool, ids), UNREMEMBERED),
    forSale: new DataLoader<number, readonly Pack[]>((ids) => packsForSale(core, ids), UNREMEMBERED),
  };
  LOADERS.set(request, loaders);
  return loaders;
}
