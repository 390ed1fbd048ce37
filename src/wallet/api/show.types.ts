import { assert } from "../../core/assert";
import type { RequestContext } from "../../platform/graphql/request";
import type { Numbered } from "../ids";
import { catchUp } from "../model/catch-up";
import { limitsOf } from "../model/limits";
import type { Wallet, WalletKey } from "../model/types";
import { timeOf } from "../model/wallet";
import type { ShownKey } from "../units";
import { SpendingLimitView } from "./budget.types";
import { GrantView } from "./grant.types";
import { HoldView } from "./hold.types";
import { seesApp } from "./request";
import { TransactionView } from "./transaction.types";
import { unitsOf } from "./units";
import { loadersOf } from "./wallet.loaders";
import { WalletView } from "./wallet.types";

/**
 * What is shown of wallets and of what is in them, by the units of the request. Whether the caller may see the account is the asker's to know.
 */

/** A wallet's key, to be shown by. */
export async function shownKey(context: RequestContext, key: WalletKey): Promise<ShownKey> {
  return (await unitsOf(context)).key(key);
}

/** A wallet as it is now; null when there is none. */
export async function showWallet(context: RequestContext, key: WalletKey): Promise<WalletView | null> {
  const wallet = await loadersOf(context).wallets.load(key);
  return wallet && new WalletView(await shownKey(context, key), wallet, context.core.clock.now());
}

/** The wallet that something was found in. */
export async function showWalletOf(context: RequestContext, key: WalletKey, known: Wallet | null): Promise<WalletView> {
  if (known) return new WalletView(await shownKey(context, key), known, context.core.clock.now());
  const wallet = await showWallet(context, key);
  assert(wallet, "what is in a wallet is not there without it");
  return wallet;
}

/** What a member of a team, by its number in the account, may take of the account's wallets now. */
export async function showLimits(
  context: RequestContext,
  accountId: string,
  number: number,
): Promise<readonly SpendingLimitView[]> {
  const { keysOf, walletsOfMembers } = loadersOf(context);
  const keys = await keysOf.load(accountId);
  const wallets = await Promise.all(keys.map((key) => walletsOfMembers.load({ key, number })));
  const now = context.core.clock.now();
  const units = await unitsOf(context);
  return wallets.flatMap((written) => {
    if (!written) return [];
    const { wallet } = catchUp(written, timeOf(written, now));
    return limitsOf(wallet, number).map((limit) => new SpendingLimitView(units.key(wallet.key), limit));
  });
}

/** A grant; from the wallet value at hand if it is there. */
export async function showGrant(
  context: RequestContext,
  { key, number }: Numbered,
  known: Wallet | null = null,
): Promise<GrantView | null> {
  const shown = await shownKey(context, key);
  const atHand = known?.grants.find((one) => one.number === number);
  if (known && atHand) return new GrantView(shown, atHand, timeOf(known, context.core.clock.now()), known);
  const read = await loadersOf(context).grants.load({ key, number });
  return read && new GrantView(shown, read.value, read.at, known);
}

/** A grant that something refers to. */
export async function showGrantOf(context: RequestContext, named: Numbered, known: Wallet | null = null): Promise<GrantView> {
  const grant = await showGrant(context, named, known);
  assert(grant, "a grant that is referred to is there");
  return grant;
}

/** A transaction; null when there is none, or when it is another app's than the one that the caller is bound to. */
export async function showTransaction(context: RequestContext, named: Numbered): Promise<TransactionView | null> {
  const transaction = await loadersOf(context).transactions.load(named);
  if (!transaction || !seesApp(context.identity, transaction.app)) return null;
  return new TransactionView(await shownKey(context, named.key), transaction, context.core.clock.now());
}

/** A hold; null as for a transaction. */
export async function showHold(context: RequestContext, named: Numbered): Promise<HoldView | null> {
  const read = await loadersOf(context).holds.load(named);
  if (!read || !seesApp(context.identity, read.value.app)) return null;
  return new HoldView(await shownKey(context, named.key), read.value, read.at);
}
