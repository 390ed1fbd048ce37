import { Arg, Ctx, ID, InterfaceType, Query, Resolver } from "type-graphql";
import { type GlobalId, type IdKind, parseId } from "../../core/ids";
import { Access, EVERYONE } from "./access";
import { badInput } from "./errors";
import type { RequestContext } from "./request";
import { Shown } from "./shown";

/** What has an id of its own and can be fetched by it. */
@InterfaceType("Node", { description: "Anything that can be fetched again by its id." })
export abstract class Node {
  @Shown(() => ID, "Its id: opaque, the same for ever, unique over everything.")
  readonly id!: string;
}

/** Fetches what an id names; null when there is nothing, or when it is not the caller's to see: these must not be told apart. */
export type NodeLoader = (context: RequestContext, id: GlobalId) => Node | null | Promise<Node | null>;
/** What each feature can fetch, by the kind of id. */
export type NodeLoaders = { readonly [Kind in IdKind]?: NodeLoader };

/** As many as one list may have. */
const MOST_NODES = 100;

/** The resolver of `node` and `nodes` over what the features can fetch. */
export function nodeResolver(loaders: NodeLoaders): new () => object {
  const load = (context: RequestContext, text: string): Node | null | Promise<Node | null> => {
    const id = parseId(text);
    return (id && loaders[id.kind]?.(context, id)) ?? null;
  };

  @Resolver()
  class NodeResolver {
    @Access(...EVERYONE)
    @Query(() => Node, { nullable: true, description: "Anything by its id; null for what is not there, or not yours to see." })
    node(@Arg("id", () => ID, { description: "Its id." }) id: string, @Ctx() context: RequestContext) {
      return load(context, id);
    }

    @Access(...EVERYONE)
    @Query(() => [Node], {
      nullable: "items",
      description: "Many things by their ids, in the same order; null for what is not there.",
    })
    nodes(@Arg("ids", () => [ID], { description: "At most 100 ids." }) ids: string[], @Ctx() context: RequestContext) {
      if (ids.length > MOST_NODES) throw badInput(`must have at most ${MOST_NODES} ids`, ["ids"]);
      return ids.map((id) => load(context, id));
    }
  }
  return NodeResolver;
}
