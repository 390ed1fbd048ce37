import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { isTimeZone } from "../core/time";
import { Access, EVERYONE } from "../platform/graphql/access";
import { badInput } from "../platform/graphql/errors";
import type { NodeLoader } from "../platform/graphql/node";
import { type Connection, connectionOf, readPage } from "../platform/graphql/paging";
import { operatorOf } from "../platform/graphql/reasoned";
import { AlreadyExists } from "../platform/graphql/refusal";
import { maySee, type RequestContext } from "../platform/graphql/request";
import { checkText } from "../platform/graphql/text";
import { showWallet, WalletView, walletLoadersOf } from "../wallet";
import { type Account, parseAccountId } from "./account";
import { loadersOf } from "./accounts.loaders";
import {
  AccountArguments,
  AccountConnection,
  AccountsArguments,
  AccountView,
  CreateAccountInput,
  CreateAccountPayload,
  ViewerView,
} from "./accounts.types";
import { createAccount, type NewAccount } from "./create-account";
import { listAccounts } from "./lists";
import { uuidList } from "./uuid-list";

const ACCOUNTS = uuidList("accounts");
const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;
const NAME = { least: 1, most: 255 };

@Resolver(() => AccountView)
export class AccountResolver {
  @Access(...EVERYONE)
  @Query(() => AccountView, {
    nullable: true,
    description: "An account, by its id or by your own. Null when there is none, and for a customer when it is not its own.",
  })
  async account(
    @Args(() => AccountArguments) args: AccountArguments,
    @Ctx() context: RequestContext,
  ): Promise<AccountView | null> {
    const account = await findAccount(args, context);
    return account && maySee(context, account.id) ? new AccountView(account) : null;
  }

  @Access("ADMIN")
  @Query(() => AccountConnection, { description: "All accounts, newest first." })
  async accounts(
    @Args(() => AccountsArguments) args: AccountsArguments,
    @Ctx() { core }: RequestContext,
  ): Promise<Connection<AccountView>> {
    const request = readPage(ACCOUNTS, args);
    const search = args.search == null ? null : checkText(args.search, NAME, ["search"]);
    const page = await listAccounts(core, search, request);
    const show = { position: (account: Account) => account.id, node: (account: Account) => new AccountView(account) };
    return connectionOf(ACCOUNTS, request, page, show);
  }

  @Access("ADMIN")
  @Mutation(() => CreateAccountPayload, {
    description: "Adds a customer. The same input again answers the account that there is, so that it is safe to send twice.",
  })
  async createAccount(
    @Arg("input", () => CreateAccountInput, { description: "Who it is." }) input: CreateAccountInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateAccountPayload> {
    await checkNewName(context, input.externalId);
    const answer = await createAccount(context.core, checked(input), operatorOf(context, input, ["input"]));
    if (answer.status === "taken") return { account: null, created: false, refusal: new AlreadyExists("externalId") };
    return { account: new AccountView(answer.account), created: answer.created, refusal: null };
  }

  @Access(...EVERYONE)
  @FieldResolver(() => [WalletView], { description: "Its wallets, one for each credit type that was opened for it." })
  async wallets(@Root() { account }: AccountView, @Ctx() context: RequestContext): Promise<readonly WalletView[]> {
    const keys = await walletLoadersOf(context).keysOf.load(account.id);
    const wallets = await Promise.all(keys.map((key) => showWallet(context, key)));
    return wallets.filter((wallet) => wallet !== null);
  }
}

@Resolver(() => WalletView)
export class WalletAccountResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => AccountView, { description: "Whose it is." })
  account(@Root() { key }: WalletView, @Ctx() context: RequestContext): Promise<AccountView> {
    return showAccount(context, key.accountId);
  }
}

@Resolver(() => ViewerView)
export class ViewerResolver {
  @Access(...EVERYONE)
  @Query(() => ViewerView, { description: "Who asks." })
  viewer(@Ctx() { identity }: RequestContext): ViewerView {
    return new ViewerView(identity);
  }

  @Access(...EVERYONE)
  @FieldResolver(() => AccountView, { nullable: true, description: "A customer's own account; null for other roles." })
  async account(@Root() { identity }: ViewerView, @Ctx() context: RequestContext): Promise<AccountView | null> {
    const account = identity.accountId === null ? null : await loadersOf(context).accounts.load(identity.accountId);
    return account && new AccountView(account);
  }
}

/** An account that something belongs to, by its UUID. */
export async function showAccount(context: RequestContext, uuid: string): Promise<AccountView> {
  const account = await loadersOf(context).accounts.load(uuid);
  if (account === null) throw new Error(`the account ${uuid}, which something belongs to, is missing`);
  return new AccountView(account);
}

/** Accounts for `node`. */
export const accountNode: NodeLoader = async (context, { uuid }) => {
  const account = uuid !== null && maySee(context, uuid) ? await loadersOf(context).accounts.load(uuid) : null;
  return account && new AccountView(account);
};

async function findAccount({ id, externalId }: AccountArguments, context: RequestContext): Promise<Account | null> {
  if ((id == null) === (externalId == null)) throw badInput("needs exactly one of id and externalId", []);
  const { accounts, accountsByExternalId } = loadersOf(context);
  if (externalId != null) return accountsByExternalId.load(checkText(externalId, NAME, ["externalId"]));
  const uuid = parseAccountId(id ?? "");
  return uuid === null ? null : accounts.load(uuid);
}

/** Spaces and line breaks that nobody sees make two accounts of one. Those that were made with them before are answered still. */
async function checkNewName(context: RequestContext, externalId: string): Promise<void> {
  if (externalId.trim() === externalId && !LINE_BREAK.test(externalId)) return;
  const path = ["input", "externalId"];
  if (await loadersOf(context).accountsByExternalId.load(checkText(externalId, NAME, path))) return;
  throw badInput("must not begin or end with white space, nor have line breaks", path);
}

function checked({ externalId, name, metadata, ...input }: CreateAccountInput): NewAccount {
  const timeZone = input.timeZone ?? "UTC";
  if (!isTimeZone(timeZone))
    throw badInput("must be a time zone of the IANA database, such as Europe/Berlin", ["input", "timeZone"]);
  return {
    externalId: checkText(externalId, NAME, ["input", "externalId"]),
    name: name == null ? null : checkText(name, NAME, ["input", "name"]),
    timeZone,
    metadata: metadata ?? null,
  };
}
