import { Arg, Ctx, ID, Resolver, Root, Subscription } from "type-graphql";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { badInput, forbidden } from "../../platform/graphql/errors";
import type { RequestContext } from "../../platform/graphql/request";
import { BeginsBehind } from "../../platform/graphql/views";
import { parseWalletId } from "../ids";
import { type PlacedAlert, parseAlertCursor } from "../live/alert-cursor";
import { type AlertStart, type Opened, openAlerts, openAlertsOf, openBalance, openTransactions } from "../live/live";
import type { WalletState } from "../live/live-news";
import type { Transaction, WalletKey } from "../model/types";
import type { ShownKey } from "../units";
import { AlertView } from "./alert.types";
import { WalletBalanceUpdate } from "./live.types";
import { seesApp, visibleWallet } from "./request";
import { shownKey } from "./show.types";
import { TransactionView } from "./transaction.types";
import { forgetUnitsOf } from "./units";
import { forgetLoaded } from "./wallet.loaders";

/** What type-graphql hands over when a subscription begins: the arguments by name, as the schema's types made them. */
interface Beginning<Arguments> {
  readonly args: Arguments;
  readonly context: RequestContext;
}
interface OfWallet {
  readonly walletId: string;
}
interface After {
  readonly after?: string | null;
}

const WALLET_ID = { description: "The wallet's id." };
const AFTER_SEQUENCE = {
  nullable: true,
  description:
    "The `sequence` of the last transaction seen: goes on behind it, without a gap. `0`: all there are. Not given: only those to come.",
};
const AFTER_CURSOR = {
  nullable: true,
  description:
    "The `cursor` of the last alert seen: goes on behind it, without a gap. `0`: all there are. Not given: only those to come.",
};

@Resolver()
export class LiveResolver {
  @Access(...EVERYONE)
  @Subscription(() => WalletBalanceUpdate, {
    description:
      "A wallet as it is at once, and then each time that it changed. Who reads slowly gets the latest, not a backlog.",
    subscribe: beginBalance,
  })
  async walletBalance(
    @Root() state: WalletState,
    @Arg("walletId", () => ID, WALLET_ID) _walletId: string,
    @Ctx() context: RequestContext,
  ): Promise<WalletBalanceUpdate> {
    return updateOf(await keyOfEvent(context, state.wallet.key), state);
  }

  @Access(...EVERYONE)
  @BeginsBehind("after")
  @Subscription(() => TransactionView, {
    description: "Every transaction of a wallet, in order and without gaps. A key that is bound to an app gets that app's.",
    subscribe: beginTransactions,
  })
  async walletTransactions(
    @Root() transaction: Transaction,
    @Arg("walletId", () => ID, WALLET_ID) walletId: string,
    @Arg("after", () => String, AFTER_SEQUENCE) _after: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<TransactionView> {
    const key = await keyOfEvent(context, parseWalletId(walletId) as WalletKey);
    return new TransactionView(key, transaction, context.core.clock.now());
  }

  @Access(...EVERYONE)
  @BeginsBehind("after")
  @Subscription(() => AlertView, {
    description:
      "Every alert, each once: of a wallet in the order of their numbers; without `walletId`, of all wallets (ADMIN), or of all of one's own (CUSTOMER).",
    subscribe: beginAlerts,
  })
  async walletAlerts(
    @Root() alert: PlacedAlert,
    @Arg("walletId", () => ID, { nullable: true, description: "The wallet's id; not given: all that the caller may follow." })
    _walletId: string | null | undefined,
    @Arg("after", () => String, AFTER_CURSOR) _after: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<AlertView> {
    return new AlertView(await keyOfEvent(context, alert.key), alert);
  }
}

async function beginBalance({ args, context }: Beginning<OfWallet>) {
  return eventsOf(await openBalance(context.core, walletOf(context, args.walletId)));
}

async function beginTransactions({ args, context }: Beginning<OfWallet & After>) {
  const key = walletOf(context, args.walletId);
  const { identity } = context;
  const seen = identity.app === null ? null : ({ app }: Transaction) => seesApp(identity, app);
  return eventsOf(await openTransactions(context.core, key, sequenceOf(args.after), seen));
}

async function beginAlerts({ args, context }: Beginning<Partial<OfWallet> & After>) {
  const after = startOf(args.after);
  if (args.walletId != null) return eventsOf(await openAlerts(context.core, walletOf(context, args.walletId), after));
  return eventsOf(await openAlertsOf(context.core, ownerOf(context), after));
}

/** The wallet that is to be followed. The same answer for what is malformed, not there, and somebody else's. */
function walletOf(context: RequestContext, id: string): WalletKey {
  const key = visibleWallet(context, id);
  if (key === null) throw noWallet();
  return key;
}

/** Whose alerts are meant when no wallet is named: everybody's (null), or those of a customer's account. */
function ownerOf({ identity: { role, accountId } }: RequestContext): string | null {
  if (role === "ADMIN") return null;
  if (role === "CUSTOMER" && accountId !== null) return accountId;
  throw role === "CUSTOMER"
    ? forbidden("There is no account for this token yet.")
    : forbidden("The alerts of all wallets are for the role ADMIN: give a walletId.");
}

function eventsOf<Event>(opened: Opened<Event>): AsyncGenerator<Event, void, void> {
  if (opened.status === "open") return opened.events;
  throw opened.status === "absent" ? noWallet() : badAfter();
}

function sequenceOf(after: string | null | undefined): number | null {
  if (after == null) return null;
  if (!/^(0|[1-9]\d{0,14})$/.test(after)) throw badAfter();
  return Number(after);
}

function startOf(after: string | null | undefined): AlertStart {
  if (after == null) return null;
  const start = after === "0" ? "first" : parseAlertCursor(after);
  if (start === null) throw badAfter();
  return start;
}

function noWallet() {
  return badInput("must be the id of a wallet that is there and yours to see", ["walletId"]);
}

function badAfter() {
  return badInput("must be what was last seen of this very subscription, or 0", ["after"]);
}

/** The wallet that an event is about, to be shown by the units of now; what was read for the event before is out of date. */
function keyOfEvent(context: RequestContext, key: WalletKey): Promise<ShownKey> {
  forgetLoaded(context);
  forgetUnitsOf(context);
  return shownKey(context, key);
}

const UPDATES = new WeakMap<WalletState, WalletBalanceUpdate>();

/** Shown once for all who follow the wallet in the same unit: catching it up to the present is done for them together. */
function updateOf(key: ShownKey, state: WalletState): WalletBalanceUpdate {
  const known = UPDATES.get(state);
  if (known?.wallet.key.unit.number === key.unit.number) return known;
  const update = new WalletBalanceUpdate(key, state);
  UPDATES.set(state, update);
  return update;
}
