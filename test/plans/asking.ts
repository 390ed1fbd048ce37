import type { Api } from "../support/api";

/** How tests ask about plans. */

export interface Refused {
  readonly code: string;
  readonly message?: string;
}

export const PRO = {
  name: "pro",
  title: "Pro",
  price: { amount: "49", currency: "USD" },
  allotments: [{ creditType: "credits", amount: "500" }],
};

let names = 0;

/** A name that no other test's plan has. */
export function aName(): string {
  names += 1;
  return `plan-${names}`;
}

const FIELDS = `plan { id name } version { id number } refusal { code message
  ... on PlanNotValid { problems { path message } } ... on PlanChanged { latest { number publishedBy } } }`;

export interface Published {
  readonly plan: { readonly id: string; readonly name: string } | null;
  readonly version: { readonly id: string; readonly number: number } | null;
  readonly refusal: (Refused & { readonly problems?: readonly { path: readonly string[]; message: string }[] }) | null;
}

/** Publishes a version of a plan, PRO but for what is given. */
export function publish(api: Api, given: object = {}): Promise<Published> {
  return api.mutate<Published>("publishPlan", { ...PRO, ...given }, FIELDS);
}

/** A new plan on the market; answers its name. */
export async function aPlan(api: Api, given: object = {}): Promise<string> {
  const name = aName();
  const { refusal } = await publish(api, { ...given, name });
  if (refusal) throw new Error(`refused: ${JSON.stringify(refusal)}`);
  return name;
}

const SUBSCRIPTION = `id status startedAt endedAt trialUntil plan { name } version { number } currentPeriod { start end }
  ahead { what at version { number plan { name } } }
  allotments { amount effectiveAt expiresAt present creditType { name } grant { id status amount } }`;
const PAYLOAD = `subscription { ${SUBSCRIPTION} } account { id } replayed
  wallets { balance { available pending overdraft } } grants { id kind status amount source }
  refusal { code message ... on NotInThisStatus { status allowed } ... on AlreadySubscribed { subscription { id } }
    ... on AlreadyOnThisVersion { version { number } } ... on NotFound { field } ... on IdempotencyMismatch { field } }`;

export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly trialUntil: string | null;
  readonly plan: { readonly name: string };
  readonly version: { readonly number: number };
  readonly currentPeriod: { readonly start: string; readonly end: string } | null;
  readonly ahead: { readonly what: string; readonly at: string; readonly version: { readonly number: number } | null } | null;
  readonly allotments: readonly {
    readonly amount: string;
    readonly effectiveAt: string;
    readonly expiresAt: string;
    readonly present: boolean;
    readonly grant: { readonly id: string; readonly status: string } | null;
  }[];
}

export interface Answered {
  readonly subscription: Shown | null;
  readonly replayed: boolean;
  readonly wallets: readonly {
    readonly balance: { readonly available: string; readonly pending: string; readonly overdraft: string };
  }[];
  readonly grants: readonly { readonly id: string; readonly status: string; readonly amount: string }[];
  readonly refusal: (Refused & Readonly<Record<string, unknown>>) | null;
}

let keys = 0;

export function aKey(): string {
  keys += 1;
  return `key-${keys}`;
}

/** Puts an account on a plan. */
export function start(
  api: Api,
  { accountId }: { readonly accountId: string },
  plan: string,
  given: object = {},
): Promise<Answered> {
  const input = { accountId: `acc_${accountId.replaceAll("-", "")}`, plan, idempotencyKey: aKey(), ...given };
  return api.mutate<Answered>("startSubscription", input, PAYLOAD);
}

/** Does something about a subscription: "pauseSubscription" and the like. */
export function order(api: Api, mutation: string, subscriptionId: string, given: object = {}): Promise<Answered> {
  return api.mutate<Answered>(mutation, { subscriptionId, idempotencyKey: aKey(), ...given }, PAYLOAD);
}

/** The subscription that was answered. Throws when it was refused. */
export function shown({ subscription, refusal }: Answered): Shown {
  if (!subscription || refusal) throw new Error(`refused: ${JSON.stringify(refusal)}`);
  return subscription;
}

/** The account's live subscription. */
export async function liveOf(api: Api, { accountId }: { readonly accountId: string }): Promise<Shown | null> {
  const query = `query ($id: ID!) { account(id: $id) { subscription { ${SUBSCRIPTION} } } }`;
  const { account } = await api.ask<{ account: { subscription: Shown | null } }>(query, {
    id: `acc_${accountId.replaceAll("-", "")}`,
  });
  return account.subscription;
}

/** What is in a wallet: "PLAN 500 ACTIVE from 2026-01-01 to 2026-02-01", by number. */
export async function grantsIn(api: Api, wallet: { readonly id: string }): Promise<readonly string[]> {
  const query =
    "query ($id: ID!) { wallet(id: $id) { grants(last: 100) { edges { node { id kind amount status effectiveAt expiresAt } } } } }";
  type Node = { id: string; kind: string; amount: string; status: string; effectiveAt: string; expiresAt: string | null };
  const found = await api.ask<{ wallet: { grants: { edges: { node: Node }[] } } }>(query, { id: wallet.id });
  const numbered = found.wallet.grants.edges.map(({ node }) => ({ node, number: Number(node.id.split("_").at(-1)) }));
  numbered.sort((a, b) => a.number - b.number);
  return numbered.map(({ node: { kind, amount, status, effectiveAt, expiresAt } }) =>
    [kind, amount, status, "from", day(effectiveAt), "to", expiresAt === null ? "the end" : day(expiresAt)].join(" "),
  );
}

function day(text: string): string {
  return text.replace("T00:00:00.000Z", "");
}
