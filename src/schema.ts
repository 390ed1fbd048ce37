import "reflect-metadata";
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from "graphql";
import { buildSchemaSync, type NonEmptyArray } from "type-graphql";
import { ACCOUNT_NODES, ACCOUNT_RESOLVERS } from "./accounts";
import { AUDIT_LOG_NODES, AUDIT_LOG_RESOLVERS } from "./audit-log";
import { PACK_NODES, PACK_RESOLVERS } from "./packs";
import { PLAN_NODES, PLAN_RESOLVERS } from "./plans";
import { describeAccess } from "./platform/graphql/access";
import { nodeResolver } from "./platform/graphql/node";
import { NO_PUB_SUB } from "./platform/graphql/pub-sub";
import { PRICING_NODES, PRICING_RESOLVERS } from "./pricing";
import { TEST_CLOCK_RESOLVERS } from "./test-clock";
import { WALLET_NODES, WALLET_RESOLVERS } from "./wallet";

type ResolverClasses = Parameters<typeof buildSchemaSync>[0]["resolvers"];

/** One schema of all features, as it is promised to clients. Who may see a field is enforced by the server that serves it. */
export function buildTrancheSchema(): GraphQLSchema {
  const NodeResolver = nodeResolver({
    ...ACCOUNT_NODES,
    ...WALLET_NODES,
    ...PRICING_NODES,
    ...PACK_NODES,
    ...PLAN_NODES,
    ...AUDIT_LOG_NODES,
  });
  const resolvers: NonEmptyArray<ResolverClasses[number]> = [
    NodeResolver,
    ...ACCOUNT_RESOLVERS,
    ...WALLET_RESOLVERS,
    ...PRICING_RESOLVERS,
    ...PACK_RESOLVERS,
    ...PLAN_RESOLVERS,
    ...TEST_CLOCK_RESOLVERS,
    ...AUDIT_LOG_RESOLVERS,
  ];
  const schema = buildSchemaSync({
    resolvers,
    // Each room checks its input at its edge: validating every argument by reflection costs 40 % of the throughput.
    validate: false,
    pubSub: NO_PUB_SUB,
  });
  describeAccess(schema);
  describeRoots(schema);
  return schema;
}

function describeRoots(schema: GraphQLSchema): void {
  const [query, mutation, subscription] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  if (query) query.description = "Reads. What is absent and what is somebody else's are told apart by nobody: null.";
  if (mutation)
    mutation.description =
      "Changes. What the rules forbid is a `refusal` in the payload; malformed input and missing rights are errors.";
  if (subscription) subscription.description = "Live, over graphql-ws: the present state first, then each change.";
}

/** The schema as text: the same for the same schema, whatever the order in which its classes were loaded. */
export function printTrancheSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
