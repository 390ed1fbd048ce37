import type { Identity } from "../../src/platform/authentication";
import type { GivenPrice } from "../../src/pricing/model/given";
import { ADMIN, type Api } from "../support/api";

/** Prices through the API, for tests. */

export interface Published {
  readonly version: { readonly id: string; readonly number: number } | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

/** Amounts as their decimals, as clients write them. */
export type SentPrice = {
  readonly [Key in keyof GivenPrice]: Key extends "minimum" | "maximum"
    ? string
    : Key extends "range"
      ? { minimum: string; maximum: string }
      : GivenPrice[Key];
};

/** Publishes a version of a list; everybody's of "credits", unless another is named. */
export function publish(
  api: Api,
  prices: readonly SentPrice[],
  basedOn: number | null = null,
  rest: object = {},
  identity: Identity = ADMIN,
): Promise<Published> {
  const input = { creditType: "credits", basedOn, prices, ...rest };
  return api.mutate<Published>("publishPrices", input, "version { id number } refusal { code message }", identity);
}

/** The same, which must work; answers the version's number. */
export async function publishDone(...given: Parameters<typeof publish>): Promise<number> {
  const { version, refusal } = await publish(...given);
  if (!version) throw new Error(refusal?.message);
  return version.number;
}
