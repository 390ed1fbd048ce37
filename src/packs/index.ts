import type { NodeLoaders } from "../platform/graphql/node";
import { PacksResolver, PackVersionResolver, packNode, packVersionNode } from "./packs.resolver";

/** The door of the packs room: bundles of credits for sale. What things are stands in README.md. */

export type { Pack } from "./pack";
export { covers, mayBuy, problemsOfPacks } from "./packs";
export { loadersOf as packLoadersOf } from "./packs.loaders";
export { PackView } from "./packs.types";
export { publishPack } from "./publish-pack";

export const PACK_RESOLVERS = [PacksResolver, PackVersionResolver] as const;

/** What `node` fetches of this room. */
export const PACK_NODES: NodeLoaders = { pack: packNode, packVersion: packVersionNode };
