import { Arg, Args, Ctx, Mutation, Query, Resolver } from "type-graphql";
import { Access } from "../platform/graphql/access";
import { badInput } from "../platform/graphql/errors";
import type { NodeLoader } from "../platform/graphql/node";
import { type Connection, connectionOf, PageArguments, readPage } from "../platform/graphql/paging";
import { operatorOf } from "../platform/graphql/reasoned";
import { NotFound } from "../platform/graphql/refusal";
import type { RequestContext } from "../platform/graphql/request";
import { checkText } from "../platform/graphql/text";
import { ExpiresInPast } from "../wallet";
import { loadersOf } from "./accounts.loaders";
import { type ApiKey, parseApiKeyId } from "./api-keys";
import {
  ApiKeyConnection,
  ApiKeyView,
  CreateApiKeyInput,
  CreateApiKeyPayload,
  RevokeApiKeyInput,
  RevokeApiKeyPayload,
} from "./api-keys.types";
import { createApiKey, type NewApiKey } from "./create-api-key";
import { listApiKeys } from "./lists";
import { revokeApiKey } from "./revoke-api-key";
import { uuidList } from "./uuid-list";

const API_KEYS = uuidList("apiKeys");
const NAME = { least: 1, most: 255 };

@Resolver(() => ApiKeyView)
export class ApiKeyResolver {
  @Access("ADMIN")
  @Query(() => ApiKeyConnection, { description: "All API keys, newest first; those that were revoked or have expired, too." })
  async apiKeys(
    @Args(() => PageArguments) args: PageArguments,
    @Ctx() { core }: RequestContext,
  ): Promise<Connection<ApiKeyView>> {
    const request = readPage(API_KEYS, args);
    const page = await listApiKeys(core, request);
    const show = { position: (apiKey: ApiKey) => apiKey.id, node: (apiKey: ApiKey) => new ApiKeyView(apiKey) };
    return connectionOf(API_KEYS, request, page, show);
  }

  @Access("ADMIN")
  @Mutation(() => CreateApiKeyPayload, { description: "Makes an API key, and shows it this once." })
  async createApiKey(
    @Arg("input", () => CreateApiKeyInput, { description: "What it is for." }) input: CreateApiKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateApiKeyPayload> {
    const answer = await createApiKey(context.core, checked(input), operatorOf(context, input, ["input"]));
    if (answer.status === "expired")
      return { apiKey: null, secret: null, refusal: new ExpiresInPast({ code: "EXPIRES_IN_PAST", now: answer.now }) };
    return { apiKey: new ApiKeyView(answer.apiKey), secret: answer.secret, refusal: null };
  }

  @Access("ADMIN")
  @Mutation(() => RevokeApiKeyPayload, {
    description: "Ends an API key: it is refused within 2 seconds, and its open sockets are closed within 5.",
  })
  async revokeApiKey(
    @Arg("input", () => RevokeApiKeyInput, { description: "Which key." }) input: RevokeApiKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<RevokeApiKeyPayload> {
    const by = operatorOf(context, input, ["input"]);
    const uuid = parseApiKeyId(input.apiKeyId);
    const revoked = uuid === null ? null : await revokeApiKey(context.core, uuid, by);
    if (revoked === null) return { apiKey: null, refusal: new NotFound("apiKeyId") };
    return { apiKey: new ApiKeyView(revoked), refusal: null };
  }
}

/** API keys for `node`: the operator's alone. */
export const apiKeyNode: NodeLoader = async (context, { uuid }) => {
  if (uuid === null || context.identity.role !== "ADMIN") return null;
  const apiKey = await loadersOf(context).apiKeys.load(uuid);
  return apiKey && new ApiKeyView(apiKey);
};

function checked({ role, name, app, expiresAt }: CreateApiKeyInput): NewApiKey {
  if (app != null && role !== "SERVICE") throw badInput("is for SERVICE keys only", ["input", "app"]);
  if (app?.includes("*")) throw badInput("must not contain `*`: a key is bound to one app", ["input", "app"]);
  return {
    role,
    name: checkText(name, NAME, ["input", "name"]),
    app: app == null ? null : checkText(app, NAME, ["input", "app"]),
    expiresAt: expiresAt ?? null,
  };
}
