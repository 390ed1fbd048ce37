import { assert } from "../../core/assert";
import type { Core, Follow, Topic } from "../../platform/context";
import { SharedRead } from "../../platform/shared-read";
import type { Transaction, WalletKey } from "../model/types";
import { type AlertOwner, readAlertsAfter, readAlertsOf, readTransactionsAfter } from "../store/live.reads";
import { type Named, textOf } from "../store/wallet.store";
import type { AlertPlace, PlacedAlert } from "./alert-cursor";
import { placeOf } from "./alert-cursor";
import type { WalletNews } from "./live-news";
import { orLater, Reader } from "./live-reader";

/** The most rows that one reader takes at once. */
const LARGEST_PAGE = 100;
/** The most rows that all readers of this process hold together, read and not yet passed on: above it each takes them one by one. */
const MOST_HELD = 20_000;
/** Milliseconds until a reader looks again for alerts that are written, but cannot be shown yet: nothing may tell when they can. */
const UNSETTLED_MILLISECONDS = 50;
/** It looks ever more rarely: what keeps them back may be a database transaction of hours. */
const MOST_DOUBLINGS = 6;

/** The most places that one statement reads on from; together with the largest page it bounds what one answer holds. */
const MOST_PLACES = 50;

/** How many rows readers hold, over all of them. */
const held = { rows: 0 };

export function heldRows(): number {
  return held.rows;
}

/** A part of a log. `more`: there may be more already. `unsettled`: something is written that cannot be shown yet. */
export interface LogPage<Row> {
  readonly rows: readonly Row[];
  readonly more: boolean;
  readonly unsettled: boolean;
}

/** A log that is read onwards from a place. */
export class Log<Place, Row> {
  readonly #pages: SharedRead<Core, Place, LogPage<Row>>;

  constructor(
    nameOf: (place: Place) => string,
    read: (core: Core, places: readonly Place[], size: number) => Promise<readonly LogPage<Row>[]>,
    /** The place behind a row that was read at `place`. */
    readonly placeBehind: (place: Place, row: Row) => Place,
    readonly inNews: InNews<Place, Row> | null = null,
  ) {
    this.#pages = new SharedRead(nameOf, MOST_PLACES, async (core, asked) => {
      const readers = asked.reduce((sum, { askers }) => sum + askers, 0);
      const size = Math.min(LARGEST_PAGE, Math.max(1, Math.floor((MOST_HELD - held.rows) / readers)));
      const places = asked.map(({ question }) => question);
      const pages = await read(core, places, size);
      held.rows += pages.reduce((sum, { rows }, index) => sum + rows.length * (asked[index]?.askers ?? 0), 0);
      return pages;
    });
  }

  /** The rows behind a place. Each must be put back by `release` when it was passed on, or is not wanted any more. */
  take(core: Core, place: Place): Promise<LogPage<Row>> {
    return this.#pages.ask(core, place);
  }

  release(count: number): void {
    held.rows -= count;
  }
}

/** How a reader of one wallet's log finds its next row in the news of the wallet. */
interface InNews<Place, Row> {
  readonly after: (news: WalletNews, place: Place) => Row | null;
  readonly isBehind: (news: WalletNews, place: Place) => boolean;
}

export interface LogReaderOptions<Row> {
  /** The wallet whose news it takes; null: it reads all. */
  readonly newsFrom?: WalletKey | null;
  /** Those that the reader may see; null: all. */
  readonly seen?: ((row: Row) => boolean) | null;
}

/**
 * Every row of a log behind a place, in order: those that are there, and then each as it comes. A reader that takes them slowly holds a
 * page, and nothing else grows.
 */
export class LogReader<Place, Row> extends Reader<Row> {
  #page: readonly Row[] = NONE;
  /** How many rows of the page were passed on. */
  #taken = 0;
  #unsettled = 0;
  readonly #seen: ((row: Row) => boolean) | null;

  constructor(
    core: Core,
    private readonly log: Log<Place, Row>,
    topic: Topic,
    private place: Place,
    { newsFrom = null, seen = null }: LogReaderOptions<Row> = {},
  ) {
    super(core, topic, newsFrom);
    this.#seen = seen;
  }

  protected atHand(news: WalletNews | null): Row | null {
    for (let row = this.#next(news); row !== null; row = this.#next(news)) {
      this.place = this.log.placeBehind(this.place, row);
      if (this.#seen === null || this.#seen(row)) return row;
    }
    return null;
  }

  #next(news: WalletNews | null): Row | null {
    const row = this.#page[this.#taken];
    if (row === undefined) return news === null ? null : (this.log.inNews?.after(news, this.place) ?? null);
    this.#taken += 1;
    this.log.release(1);
    return row;
  }

  protected isBehind(news: WalletNews): boolean {
    return this.log.inNews?.isBehind(news, this.place) ?? true;
  }

  protected async read(follow: Follow): Promise<boolean> {
    const page = await orLater(this.log.take(this.core, this.place), follow);
    this.#page = page?.rows ?? NONE;
    this.#taken = 0;
    this.#unsettled = page?.unsettled ? (this.#page.length > 0 ? 1 : this.#unsettled + 1) : 0;
    if (this.#unsettled > 0) follow.again(UNSETTLED_MILLISECONDS * 2 ** Math.min(this.#unsettled - 1, MOST_DOUBLINGS));
    return page?.more ?? false;
  }

  protected override dispose(): void {
    this.log.release(this.#page.length - this.#taken);
    this.#page = NONE;
    this.#taken = 0;
  }
}

const NONE: readonly never[] = [];

function pageOf<Row>(rows: readonly Row[], size: number): LogPage<Row> {
  return { rows, more: rows.length === size, unsettled: false };
}

const nameOfNamed = ({ key, number }: Named) => `${textOf(key)}/${number}`;

/** A wallet's transactions; a place is the sequence of the last one seen. */
export const TRANSACTIONS = new Log<Named, Transaction>(
  nameOfNamed,
  async (core, places, size) => (await readTransactionsAfter(core.pool, places, size)).map((rows) => pageOf(rows, size)),
  ({ key, number }, { sequence }) => {
    assert(sequence === number + 1, `the transaction after ${number} is ${sequence}`);
    return { key, number: sequence };
  },
  {
    after: (news, { number }) => news.transactionAfter(number),
    isBehind: (news, { number }) => news.reach > number && news.transactionAfter(number) === null,
  },
);

/** A wallet's alerts; a place is the number of the last one seen. */
export const ALERTS = new Log<Named, PlacedAlert>(
  nameOfNamed,
  async (core, places, size) => (await readAlertsAfter(core.pool, places, size)).map((rows) => pageOf(rows, size)),
  ({ key, number }, alert) => {
    assert(alert.number === number + 1, `the alert after ${number} is ${alert.number}`);
    return { key, number: alert.number };
  },
);

/** Where a reader of all alerts of an owner stands. */
export interface OwnerPlace {
  readonly owner: AlertOwner;
  readonly place: AlertPlace;
}

/** The alerts of all wallets of an account, or of all there are. */
export const ALERTS_OF_OWNER = new Log<OwnerPlace, PlacedAlert>(
  ({ owner, place }) => `${owner} ${place.writtenBy} ${nameOfNamed(place)}`,
  async (core, places, size) => {
    const pages: LogPage<PlacedAlert>[] = [];
    for (const { owner, place } of places) {
      const { alerts, unsettled } = await readAlertsOf(core.pool, owner, place, size);
      pages.push({ ...pageOf(alerts, size), unsettled });
    }
    return pages;
  },
  ({ owner }, alert) => ({ owner, place: placeOf(alert) }),
);
