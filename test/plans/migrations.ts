import { PlanSweeper } from "../../src/plans";
import type { Api } from "../support/api";
import { aPlan, publish, shown, start } from "./asking";

/** How tests ask about migrations of subscriptions. */

const MIGRATION = `id from when reason startedBy endedAt plan { name } to { number } progress { total done refused }`;
const PAYLOAD = `migration { ${MIGRATION} } refusal { code ... on NotFound { field } }`;

export const PREVIEW = `query ($input: PreviewMigrationInput!, $first: Int, $after: String) { previewMigration(input: $input) { affected to { number }
  refusal { code } subscriptions(first: $first, after: $after) { pageInfo { hasNextPage endCursor }
    edges { node { subscription { id } change { at refusal { code } effects { what amount } } } } } } }`;

interface Migration {
  readonly id: string;
  readonly endedAt: string | null;
  readonly progress: { readonly total: number; readonly done: number; readonly refused: number };
}

interface Ordered {
  readonly migration: Migration | null;
  readonly refusal: object | null;
}

export function migrate(api: Api, given: object): Promise<Ordered> {
  return api.mutate<Ordered>("migrateSubscriptions", given, PAYLOAD);
}

export async function progressOf(api: Api, id: string): Promise<Migration> {
  const query = `query ($id: ID!) { node(id: $id) { ... on PlanMigration { ${MIGRATION} } } }`;
  return (await api.ask<{ node: Migration }>(query, { id })).node;
}

/** Has two servers do what is to be done. */
export async function sweep(api: Api): Promise<void> {
  const sweepers = [new PlanSweeper(api.core), new PlanSweeper(api.core)];
  for (const sweeper of sweepers) sweeper.start();
  for (const sweeper of sweepers) await sweeper.settled();
  for (const sweeper of sweepers) await sweeper.stop();
}

/** What a later version of a plan gives. */
export const BIG = { allotments: [{ creditType: "credits", amount: "1000" }] };

/** A plan whose second version gives more, with so many on the first. */
export async function onFirst(api: Api, count: number) {
  const plan = await aPlan(api);
  const made = await Promise.all(Array.from({ length: count }, () => api.wallet()));
  // Those that are made at one instant are in no order of their own.
  const wallets = made.sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  const ids: string[] = [];
  for (const wallet of wallets) ids.push(shown(await start(api, wallet, plan)).id);
  await publish(api, { name: plan, basedOn: 1, ...BIG });
  return { plan, wallets, ids };
}
