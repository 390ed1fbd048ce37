import { assert } from "../core/assert";
import type { Core, Follow, Topic } from "../platform/context";
import { SharedRead } from "../platform/shared-read";
import { Unavailable } from "../platform/unavailable";
import type { AlertPlace, PlacedAlert } from "./alert-cursor";
import { placeOf } from "./alert-cursor";
import { type AlertOwner, readAlertsAfter, readAlertsOf, readTransactionsAfter } from "./live.reads";
import type { Transaction } from "./model/types";
import { type Named, textOf } from "./wallet.store";

/** The most rows that one reader takes at once. */
const LARGEST_PAGE = 100;
/** The most rows that all readers of this process hold together, read and not yet passed on: above it each takes them one by one. */
const MOST_HELD = 20_000;
/** Milliseconds until a reader looks again for alerts that are written, but cannot be shown yet: nothing may tell when they can. */
const UNSETTLED_MILLISECONDS = 50;
/** It looks ever more rarely: what keeps them back may be a database transaction of hours. */
const MOST_DOUBLINGS = 6;
/** Milliseconds until a reader tries again when the database is away. It keeps its place meanwhile. */
const AWAY_MILLISECONDS = 1_000;

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

/**
 * Every row of a log behind a place, in order: those that are there, and then each as it comes. A reader that takes them slowly holds a
 * page, and nothing else grows.
 */
export async function* readOn<Place, Row>(
  core: Core,
  log: Log<Place, Row>,
  topic: Topic,
  from: Place,
  signal: AbortSignal,
): AsyncGenerator<Row, void, void> {
  const follow = core.live.follow(topic, signal);
  let place = from;
  let unsettled = 0;
  for (let more = true; more || (await follow.changed()); ) {
    const page = await orLater(log.take(core, place), follow);
    let left = page?.rows.length ?? 0;
    try {
      for (const row of page?.rows ?? []) {
        if (signal.aborted) return;
        place = log.placeBehind(place, row);
        left--;
        log.release(1);
        yield row;
      }
    } finally {
      log.release(left);
    }
    unsettled = page?.unsettled ? (page.rows.length > 0 ? 1 : unsettled + 1) : 0;
    if (unsettled > 0) follow.again(UNSETTLED_MILLISECONDS * 2 ** Math.min(unsettled - 1, MOST_DOUBLINGS));
    more = page?.more ?? false;
  }
}

/** What is read; or null when the database is away, and then the follower is woken to try again. */
export async function orLater<T>(reading: Promise<T>, follow: Follow): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    follow.again(AWAY_MILLISECONDS);
    return null;
  }
}

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
