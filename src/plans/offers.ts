import type { Amount } from "../core/amount";
import { covers, mayBuy, type Pack, packLoadersOf } from "../packs";
import type { Core } from "../platform/context";
import { planLoadersOf } from "./api/plans.loaders";
import { asOf, nowFor } from "./standing";

/** Which packs an account may buy: those for everyone, and those that its version of a plan names. */

interface Request {
  readonly core: Core;
}

interface Buyer {
  readonly accountId: string;
  readonly creditTypeId: number;
}

/** The packs of a credit type that are for sale to an account, currency by currency, the cheapest first. */
export async function packsFor(request: Request, { accountId, creditTypeId }: Buyer): Promise<readonly Pack[]> {
  const [forSale, named] = await Promise.all([
    packLoadersOf(request).forSale.load(creditTypeId),
    packsNamedFor(request, accountId),
  ]);
  return forSale.filter((pack) => mayBuy(pack, named));
}

/** Those of them that each make up for what is missing; none when nothing is. */
export async function packsToCover(request: Request, buyer: Buyer, missing: Amount): Promise<readonly Pack[]> {
  if (missing <= 0n) return [];
  return (await packsFor(request, buyer)).filter((pack) => covers(pack, missing));
}

/** By the version of the plan that the account is on by now, whether or not anybody has written that yet. */
async function packsNamedFor(request: Request, accountId: string): Promise<readonly string[]> {
  const standing = await planLoadersOf(request).live.load(accountId);
  if (!standing) return [];
  const { status, course } = asOf(standing.state, nowFor(request.core, standing));
  return status === "ENDED" ? [] : course.version.packs;
}
