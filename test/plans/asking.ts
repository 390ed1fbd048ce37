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
