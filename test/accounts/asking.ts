import { type GraphQLSchema, graphql } from "graphql";
import { buildSchemaSync } from "type-graphql";
import { ACCOUNT_NODES, ACCOUNT_RESOLVERS } from "../../src/accounts";
import { parseAccountId } from "../../src/accounts/account";
import type { Identity } from "../../src/platform/authentication";
import { enforceAccess } from "../../src/platform/graphql/access";
import { nodeResolver } from "../../src/platform/graphql/node";
import type { TestCore } from "../support/core";

export const ADMIN: Identity = { role: "ADMIN", actor: "test", keyId: "test", accountId: null, app: null, expiresAt: null };
export const SERVICE: Identity = { ...ADMIN, role: "SERVICE" };

/** The customer whose account has this id. */
export function customer(id: string): Identity {
  return { ...ADMIN, role: "CUSTOMER", actor: id, keyId: id, accountId: parseAccountId(id) };
}

/** Fetches by id whatever this room has. */
export const NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Account { externalId } ... on ApiKey { name } } }";

export type Answer = { readonly [field: string]: Answer } & { readonly [index: number]: Answer };

export interface Asked {
  /** As a client gets it. */
  readonly data: Answer;
  readonly codes: readonly unknown[];
  readonly errors: readonly { readonly extensions: object }[];
}

export type Ask = (source: string, variables?: Readonly<Record<string, unknown>>, identity?: Identity) => Promise<Asked>;

/** The schema of this room alone, with its access rules. */
export function accountsSchema(): GraphQLSchema {
  const schema = buildSchemaSync({ resolvers: [...ACCOUNT_RESOLVERS, nodeResolver(ACCOUNT_NODES)], validate: false });
  enforceAccess(schema);
  return schema;
}

/** Executes documents, as the operator unless someone else is named, each a millisecond after the one before. */
export function asker(core: TestCore, schema: GraphQLSchema): Ask {
  return async (source, variables = {}, identity = ADMIN) => {
    core.clock.set(core.clock.now() + 1_000n);
    const contextValue = { core, identity };
    const { data, errors = [] } = await graphql({ schema, source, variableValues: variables, contextValue });
    const codes = errors.map((error) => error.extensions["code"]);
    return { data: JSON.parse(JSON.stringify(data ?? null)) as Answer, codes, errors };
  };
}
