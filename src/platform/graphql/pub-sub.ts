import type { PubSub } from "type-graphql";

/**
 * type-graphql builds no subscriptions without a PubSub, but uses none for those that bring a stream of their own, as all of ours do. Its
 * own one queues without bound for slow readers, and throws where nobody catches it past 1,024 pending pushes.
 */
export const NO_PUB_SUB: PubSub = { publish: refuse, subscribe: refuse };

function refuse(): never {
  throw new Error("subscriptions bring their own streams");
}
