import type { NodeLoaders } from "../platform/graphql/node";
import { AccountResolver, accountNode, showAccount, ViewerResolver, WalletAccountResolver } from "./accounts.resolver";
import { ApiKeyResolver, apiKeyNode } from "./api-keys.resolver";
import {
  AccountMembersResolver,
  BudgetMemberResolver,
  HoldMemberResolver,
  MemberResolver,
  memberNode,
  TransactionMemberResolver,
} from "./members.resolver";

/** The face of the accounts room: who the customers are, and who may ask. */

export { accountNow, accountNowIn, accountTimesIn } from "./account-clock";
export { AccountView, TestClockView } from "./accounts.types";
export { serverSecret } from "./api-keys.store";
export { createAuthenticator } from "./authenticator";
export { createAccount } from "./create-account";
export { createApiKey, createFirstAdminKey } from "./create-api-key";
export { signToken, type TokenRules, tokenVerifier } from "./jwt";
export { showAccount };

export const ACCOUNT_RESOLVERS = [
  AccountResolver,
  WalletAccountResolver,
  ViewerResolver,
  ApiKeyResolver,
  MemberResolver,
  AccountMembersResolver,
  TransactionMemberResolver,
  HoldMemberResolver,
  BudgetMemberResolver,
] as const;

/** What `node` fetches of this room. */
export const ACCOUNT_NODES: NodeLoaders = { account: accountNode, member: memberNode, apiKey: apiKeyNode };
