import type { GoodCall } from "../support/input-places";
import { ask, fundedWallet } from "./graphql-request";
import type { Demo } from "./server-process";

/** Good calls about the members of a team, as `goodCalls` answers them. */

type Json = Readonly<Record<string, unknown>>;

const EXTERNAL_ID = "spoiled-team";
const LIMITS = [
  { creditType: "credits", amount: "100" },
  { creditType: "credits", operations: ["image.*"], amount: "50", interval: "DAY" },
];
const SET = "mutation ($input: SetMemberInput!) { setMember(input: $input) { member { id } refusal { message } } }";

/** Makes a team of two, and answers the calls. */
export async function goodMemberCalls(demo: Demo): Promise<readonly GoodCall[]> {
  const walletId = await fundedWallet(demo, EXTERNAL_ID, "1000");
  for (const member of ["ann", "bob", "cy"])
    await ask(demo.url, demo.adminKey, SET, { input: { externalId: EXTERNAL_ID, member, limits: LIMITS } });
  return [...queries(walletId, await cursorsOf(demo)), ...mutations(walletId)];
}

async function cursorsOf(demo: Demo): Promise<readonly [string, string]> {
  const query = "query ($of: String!) { account(externalId: $of) { members { pageInfo { startCursor endCursor } } } }";
  type Answer = { account: { members: { pageInfo: { startCursor: string; endCursor: string } } } };
  const { account } = await ask<Answer>(demo.url, demo.adminKey, query, { of: EXTERNAL_ID });
  return [account.members.pageInfo.startCursor, account.members.pageInfo.endCursor];
}

function queries(walletId: string, [start, end]: readonly [string, string]): readonly GoodCall[] {
  const account = { field: "account", args: { externalId: EXTERNAL_ID } };
  return [
    { kind: "query", steps: [account, { field: "members", args: { first: 5, after: start } }] },
    { kind: "query", steps: [account, { field: "members", args: { last: 5, before: end } }] },
    { kind: "query", steps: [{ field: "quote", args: { input: { walletId, amount: "1", member: "ann" } } }] },
    {
      kind: "query",
      steps: [
        { field: "wallet", args: { id: walletId } },
        { field: "transactions", args: { filter: { member: "ann" } } },
      ],
    },
  ];
}

function mutations(walletId: string): readonly GoodCall[] {
  const reason = "a good call";
  const use = (idempotencyKey: string) => ({ walletId, amount: "1", member: "ann", idempotencyKey });
  const accountId = walletId.replace("wal", "acc").replace(/_\d+$/, "");
  return [
    mutation("spend", use("member-1")),
    { kind: "mutation", steps: [{ field: "spendBatch", args: { input: [use("member-2")] } }] },
    mutation("holdCredits", { ...use("member-3"), expiresIn: "PT5M" }),
    mutation("setMember", { externalId: EXTERNAL_ID, member: "ann", name: "Ann", limits: LIMITS, reason }),
    mutation("setMember", { accountId, member: "bob" }),
    mutation("removeMember", { accountId, member: "cy", reason }),
    mutation("removeMember", { externalId: EXTERNAL_ID, member: "cy" }),
  ];
}

function mutation(field: string, input: Json): GoodCall {
  return { kind: "mutation", steps: [{ field, args: { input } }] };
}
