import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { Access, EVERYONE } from "../platform/graphql/access";
import type { InputPath } from "../platform/graphql/errors";
import type { NodeLoader } from "../platform/graphql/node";
import { type Connection, connectionOf, numberedList, PageArguments, readPage } from "../platform/graphql/paging";
import { operatorOf } from "../platform/graphql/reasoned";
import { NotFound } from "../platform/graphql/refusal";
import { maySee, type RequestContext } from "../platform/graphql/request";
import { checkText } from "../platform/graphql/text";
import {
  BudgetExceeded,
  chooseAccount,
  forgetLoaded,
  HoldView,
  limitTermsOf,
  noWalletBy,
  SpendingLimitView,
  showLimits,
  TransactionView,
  unitsOf,
} from "../wallet";
import { loadersOf } from "./accounts.loaders";
import { AccountView } from "./accounts.types";
import { listMembers } from "./lists";
import { memberKeyOf } from "./member";
import {
  MemberConnection,
  MemberView,
  RemoveMemberInput,
  RemoveMemberPayload,
  SetMemberInput,
  SetMemberPayload,
} from "./members.types";
import { type MemberAnswer, removeMember, setMember } from "./set-member";

const INPUT: InputPath = ["input"];
const NAME = { least: 1, most: 255 };
const MEMBERS = numberedList("member");

/** Who the people of a team are, and what each may take. */
@Resolver(() => MemberView)
export class MemberResolver {
  @Access("ADMIN")
  @Mutation(() => SetMemberPayload, {
    description:
      "Makes somebody a member of a team, or changes one: afterwards the name and the limits are these. The same input again changes nothing.",
  })
  async setMember(
    @Arg("input", () => SetMemberInput, { description: "Who, of which account, and within which limits." }) input: SetMemberInput,
    @Ctx() context: RequestContext,
  ): Promise<SetMemberPayload> {
    const by = operatorOf(context, input, INPUT);
    const externalId = checkText(input.member, NAME, [...INPUT, "member"]);
    const name = input.name == null ? null : checkText(input.name, NAME, [...INPUT, "name"]);
    const limits = await limitTermsOf(context, input.limits ?? [], [...INPUT, "limits"]);
    const { uuid: accountId, field } = await chooseAccount(context, input, INPUT);
    if (accountId === null) return refused(field);
    if (limits === null) return refused("creditType");
    return answered(
      context,
      await setMember(context.core, { accountId, externalId, name, limits }, by, await unitsOf(context)),
      field,
    );
  }

  @Access("ADMIN")
  @Mutation(() => RemoveMemberPayload, {
    description:
      "Removes a member from a team, and its limits: nothing is taken for it any more. What is set aside for it ends as holds do.",
  })
  async removeMember(
    @Arg("input", () => RemoveMemberInput, { description: "Who, of which account." }) input: RemoveMemberInput,
    @Ctx() context: RequestContext,
  ): Promise<RemoveMemberPayload> {
    const by = operatorOf(context, input, INPUT);
    const externalId = checkText(input.member, NAME, [...INPUT, "member"]);
    const { uuid: accountId, field } = await chooseAccount(context, input, INPUT);
    if (accountId === null) return refused(field);
    return answered(context, await removeMember(context.core, { accountId, externalId }, by, await unitsOf(context)), field);
  }

  @FieldResolver(() => AccountView, { description: "The team." })
  async account(@Root() { member }: MemberView, @Ctx() context: RequestContext): Promise<AccountView> {
    const account = await loadersOf(context).accounts.load(member.accountId);
    if (account === null) throw new Error(`the account ${member.accountId} of a member is missing`);
    return new AccountView(account);
  }

  @FieldResolver(() => [SpendingLimitView], {
    description: "What it may take, as of this answer; by credit type. None: all that there is.",
    complexity: ({ childComplexity }) => 10 + 5 * childComplexity,
  })
  limits(@Root() { member }: MemberView, @Ctx() context: RequestContext): Promise<readonly SpendingLimitView[]> {
    return showLimits(context, member.accountId, member.number);
  }
}

@Resolver(() => AccountView)
export class AccountMembersResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => MemberConnection, {
    description: "The people of the team, the first member first; without those who were removed.",
  })
  async members(
    @Root() { account }: AccountView,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { core }: RequestContext,
  ): Promise<Connection<MemberView>> {
    const request = readPage(MEMBERS, page);
    const rows = await listMembers(core, account.id, request);
    return connectionOf(MEMBERS, request, rows, { position: ({ number }) => number, node: (member) => new MemberView(member) });
  }
}

@Resolver(() => TransactionView)
export class TransactionMemberResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => MemberView, {
    nullable: true,
    description: "The member of the team that used, set aside or got back the credits; null: the team itself.",
  })
  member(@Root() { key, transaction }: TransactionView, @Ctx() context: RequestContext): Promise<MemberView | null> {
    return showMember(context, key.accountId, transaction.member);
  }
}

@Resolver(() => HoldView)
export class HoldMemberResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => MemberView, {
    nullable: true,
    description: "The member of the team that the credits are held for; null: the team itself.",
  })
  member(@Root() { key, hold }: HoldView, @Ctx() context: RequestContext): Promise<MemberView | null> {
    return showMember(context, key.accountId, hold.member);
  }
}

@Resolver(() => BudgetExceeded)
export class BudgetMemberResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => MemberView, { description: "The member whose limit it is." })
  member(@Root() { key, number }: BudgetExceeded, @Ctx() context: RequestContext): Promise<MemberView | null> {
    return showMember(context, key.accountId, number);
  }
}

/** Members for `node`. */
export const memberNode: NodeLoader = (context, { uuid, numbers }) => {
  const key = memberKeyOf(uuid, numbers);
  return key && maySee(context, key.accountId) ? showMember(context, key.accountId, key.number) : null;
};

async function showMember(context: RequestContext, accountId: string, number: number | null): Promise<MemberView | null> {
  const member = number === null ? null : await loadersOf(context).members.load({ accountId, number });
  return member && new MemberView(member);
}

/** `field`: that names the account. */
function answered(context: RequestContext, answer: MemberAnswer, field: string): SetMemberPayload {
  if (answer.status === "absent") return refused(field);
  if (answer.status === "unknown") return refused("member");
  if (answer.status === "unopened") return { member: null, refusal: noWalletBy("creditType") };
  forgetLoaded(context);
  return { member: new MemberView(answer.member), refusal: null };
}

function refused(field: string): SetMemberPayload {
  return { member: null, refusal: new NotFound(field) };
}
