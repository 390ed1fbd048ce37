import type { Core, Follow } from "../../platform/context";
import { SharedRead } from "../../platform/shared-read";
import type { Transaction, WalletKey } from "../model/types";
import { type AlertOwner, FIRST_PLACE, hasAlertAt, readLastPlace } from "../store/live.reads";
import { readHeads, readWallets } from "../store/wallet.reads";
import { textOf } from "../store/wallet.store";
import type { AlertPlace, PlacedAlert } from "./alert-cursor";
import { ALERTS, ALERTS_OF_OWNER, LogReader, TRANSACTIONS } from "./live-logs";
import type { WalletNews, WalletState } from "./live-news";
import { orLater, Reader } from "./live-reader";

/**
 * Subscriptions. Each is a generator that its reader pulls: nothing is queued for it, and what it has not taken yet is in the database,
 * and for a moment in the news.
 * It may be left at any time, and keeps nothing then.
 */

/** `absent`: no such wallet. `unknown`: nothing stands at the place to read on from; it lies ahead, or was never given out. */
export type Opened<Event> =
  | { readonly status: "open"; readonly events: AsyncGenerator<Event, void, void> }
  | { readonly status: "absent" }
  | { readonly status: "unknown" };

/** The most wallets that are read at once. */
const MOST_WALLETS = 200;

const WALLETS = new SharedRead<Core, WalletKey, WalletState | null>(textOf, MOST_WALLETS, async (core, asked) => {
  const now = core.clock.now();
  const keys = asked.map(({ question }) => question);
  return (await readWallets(core.pool, keys, now)).map((wallet) => wallet && { wallet, now });
});

/** A wallet as it is at once, and then each time that its log has grown since: the newest state, whatever was in between. */
export async function openBalance(core: Core, key: WalletKey): Promise<Opened<WalletState>> {
  const [head] = await readHeads(core.pool, [key]);
  if (!head) return { status: "absent" };
  return { status: "open", events: new BalanceReader(core, key) };
}

class BalanceReader extends Reader<WalletState> {
  #read: WalletState | null = null;
  #seen = -1;

  constructor(
    core: Core,
    private readonly key: WalletKey,
  ) {
    super(core, key, key);
  }

  protected atHand(news: WalletNews | null): WalletState | null {
    const state = news?.stateAfter(this.#read?.wallet.sequence ?? this.#seen) ?? this.#read;
    this.#read = null;
    if (state !== null) this.#seen = state.wallet.sequence;
    return state;
  }

  protected isBehind(news: WalletNews): boolean {
    return news.reach > this.#seen && news.stateAfter(this.#seen) === null;
  }

  protected async read(follow: Follow): Promise<boolean> {
    const state = await orLater(WALLETS.ask(this.core, this.key), follow);
    if (state !== null && state.wallet.sequence > this.#seen) this.#read = state;
    return false;
  }
}

/**
 * Every transaction of a wallet behind the one numbered `after` (0: from the first on), in order and without gaps; first those that
 * are there, then each as it is written. Null: only those to come. `seen`: those that the reader may see; null: all.
 */
export async function openTransactions(
  core: Core,
  key: WalletKey,
  after: number | null,
  seen: ((transaction: Transaction) => boolean) | null = null,
): Promise<Opened<Transaction>> {
  const [head] = await readHeads(core.pool, [key]);
  if (!head) return { status: "absent" };
  if (after !== null && after > head.sequence) return { status: "unknown" };
  const from = { key, number: after ?? head.sequence };
  return { status: "open", events: new LogReader(core, TRANSACTIONS, key, from, { newsFrom: key, seen }) };
}

/** Where alerts are read from: behind the one at a place, from the first on, or only those to come (null). */
export type AlertStart = AlertPlace | "first" | null;

/** Every alert of a wallet, in the order of their numbers and without gaps. */
export async function openAlerts(core: Core, key: WalletKey, after: AlertStart): Promise<Opened<PlacedAlert>> {
  const [head] = await readHeads(core.pool, [key]);
  if (!head) return { status: "absent" };
  if (isPlace(after) && (textOf(after.key) !== textOf(key) || !(await hasAlertAt(core.pool, after))))
    return { status: "unknown" };
  const number = after === null ? head.alertCount : after === "first" ? 0 : after.number;
  return { status: "open", events: new LogReader(core, ALERTS, key, { key, number }) };
}

/**
 * Every alert of all wallets of an account, or of all there are, each once. In the order in which they were settled, which for one
 * wallet is nearly always that of their numbers: two servers that write it in the same moment may be seen the other way round.
 */
export async function openAlertsOf(core: Core, owner: AlertOwner, after: AlertStart): Promise<Opened<PlacedAlert>> {
  if (isPlace(after) && ((owner ?? after.key.accountId) !== after.key.accountId || !(await hasAlertAt(core.pool, after))))
    return { status: "unknown" };
  const place = after === null ? await readLastPlace(core.pool, owner) : after === "first" ? FIRST_PLACE : after;
  const topic = owner === null ? "everything" : { accountId: owner };
  return { status: "open", events: new LogReader(core, ALERTS_OF_OWNER, topic, { owner, place }) };
}

function isPlace(start: AlertStart): start is AlertPlace {
  return typeof start === "object" && start !== null;
}
