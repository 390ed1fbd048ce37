import { type ExecutionResult, type GraphQLSchema, graphql } from "graphql";
import type { Identity } from "../../src/platform/authentication";
import { enforceAccess } from "../../src/platform/graphql/access";
import type { RequestContext } from "../../src/platform/graphql/request";
import { OperationWatch } from "../../src/platform/stopwatch";
import { buildTrancheSchema } from "../../src/schema";
import { walletId } from "../../src/wallet/ids";
import type { WalletKey } from "../../src/wallet/model/types";
import { addCreditType, addWallet, createTestCore, type TestCore } from "./core";
import { createTestDatabase } from "./database";

/** The whole schema on a database of the test's own, asked without a transport. */

type Json = Record<string, unknown>;

export interface Api {
  readonly core: TestCore;
  /** The credit type "credits". */
  readonly creditTypeId: number;
  /** What was answered, errors and all. */
  answer(query: string, variables?: object, identity?: Identity): Promise<ExecutionResult<Json>>;
  /** The data, typed by the caller. Throws the errors, should there be any. */
  ask<Data>(query: string, variables?: object, identity?: Identity): Promise<Data>;
  /** The payload of a mutation that takes one input, with the fields selected. */
  mutate<Payload>(mutation: string, input: object, fields: string, identity?: Identity): Promise<Payload>;
  /** The codes of the errors, with the path of the input that is to blame, if one is. */
  errors(query: string, variables?: object, identity?: Identity): Promise<readonly string[]>;
  /** A new account with a wallet, and PURCHASED grants of so many credits in it. */
  wallet(...amounts: readonly string[]): Promise<WalletKey & { readonly id: string }>;
  stop(): Promise<void>;
}

const SOMEONE = { accountId: null, app: null, keyId: "key", expiresAt: null };
export const ADMIN: Identity = { ...SOMEONE, role: "ADMIN", actor: "admin" };
export const SERVICE: Identity = { ...SOMEONE, role: "SERVICE", actor: "service" };

export function serviceOf(app: string): Identity {
  return { ...SERVICE, app };
}

export function customer(accountId: string): Identity {
  return { ...SOMEONE, role: "CUSTOMER", actor: "customer", accountId };
}

/** What the operator calls a test's account. */
export function externalIdOf({ accountId }: { readonly accountId: string }): string {
  return `customer ${accountId}`;
}

let built: GraphQLSchema | null = null;

function schemaOf(): GraphQLSchema {
  if (built === null) {
    built = buildTrancheSchema();
    enforceAccess(built);
  }
  return built;
}

/** How an input object type is called: "grantCredits" takes GrantCreditsInput. */
function inputOf(mutation: string): string {
  return `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
}

export async function createApi(): Promise<Api> {
  const database = await createTestDatabase();
  const core = await createTestCore(database.url);
  const creditTypeId = await addCreditType(core.pool, "credits");
  let keys = 0;

  const answer: Api["answer"] = async (source, variableValues = {}, identity = ADMIN) => {
    const contextValue: RequestContext = { core, identity, watch: new OperationWatch(core.metrics) };
    return (await graphql({
      schema: schemaOf(),
      source,
      variableValues: { ...variableValues },
      contextValue,
    })) as ExecutionResult<Json>;
  };
  const ask = async <Data>(query: string, variables?: object, identity?: Identity): Promise<Data> => {
    const { data, errors } = await answer(query, variables, identity);
    if (errors)
      throw new Error(
        errors.map((error) => `${error.path?.join(".")}: ${error.originalError?.stack ?? error.message}`).join("\n"),
      );
    return data as Data;
  };
  const mutate = async <Payload>(mutation: string, input: object, fields: string, identity?: Identity): Promise<Payload> => {
    const query = `mutation ($input: ${inputOf(mutation)}!) { ${mutation}(input: $input) { ${fields} } }`;
    return (await ask<Record<string, Payload>>(query, { input }, identity))[mutation] as Payload;
  };

  return {
    core,
    creditTypeId,
    answer,
    ask,
    mutate,
    errors: async (query, variables, identity) => {
      const { errors = [] } = await answer(query, variables, identity);
      return errors.map(({ extensions }) => [extensions["code"], ...((extensions["inputPath"] as string[]) ?? [])].join(" "));
    },
    wallet: async (...amounts) => {
      const key = await addWallet(core, creditTypeId);
      // The tests' accounts are made without the look-up that the API finds them by.
      const values = [externalIdOf(key), key.accountId];
      await core.pool.query("UPDATE accounts SET external_id = $1 WHERE id = $2", values);
      await core.pool.query("INSERT INTO account_external_ids (external_id, account_id) VALUES ($1, $2)", values);
      const id = walletId(key);
      for (const amount of amounts) {
        const input = { walletId: id, kind: "PURCHASED", amount, idempotencyKey: `funds-${++keys}` };
        await mutate("grantCredits", input, "grant { id }");
      }
      return { ...key, id };
    },
    stop: async () => {
      await core.stop();
      await database.drop();
    },
  };
}
