import DataLoader from "dataloader";
import type { Amount } from "../core/amount";
import { covers, mayBuy, type Pack, packLoadersOf } from "../packs";
import type { Core } from "../platform/context";
import { versionsById } from "./catalogue";
import { readVersionsOfAccounts } from "./offers.reads";

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
    namedOf(request).load(accountId),
  ]);
  return forSale.filter((pack) => mayBuy(pack, named));
}

/** Those of them that each make up for what is missing; none when nothing is. */
export async function packsToCover(request: Request, buyer: Buyer, shortfall: Amount): Promise<readonly Pack[]> {
  if (shortfall <= 0n) return [];
  return (await packsFor(request, buyer)).filter((pack) => covers(pack, shortfall));
}

/** By account: the packs that its plan names. A batch of a thousand spends that are refused asks once. */
type Named = DataLoader<string, readonly string[]>;
const LOADERS = new WeakMap<Request, Named>();

function namedOf(request: Request): Named {
  const known = LOADERS.get(request);
  if (known) return known;
  // What a mutation of the same request may change is not remembered.
  const loader: Named = new DataLoader((accountIds) => readNamed(request, accountIds), { cache: false });
  LOADERS.set(request, loader);
  return loader;
}

async function readNamed({ core }: Request, accountIds: readonly string[]): Promise<readonly (readonly string[])[]> {
  const versionOf = await readVersionsOfAccounts(core.pool, accountIds);
  const versions = await versionsById(core, [...versionOf.values()]);
  return accountIds.map((accountId) => {
    const id = versionOf.get(accountId);
    return (id === undefined ? undefined : versions.get(id)?.terms.packs) ?? [];
  });
}
