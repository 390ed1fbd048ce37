import type { PriceTerms } from "../core/priced";
import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import { SharedRead } from "../platform/shared-read";
import { type InForce, inForce, type Payer } from "./model/in-force";
import type { PriceVersion } from "./model/price-list";
import type { Price, PriceBook } from "./model/types";
import { readAccountPrices, readPlansOf, readPrices, readRevision, readSharedPrices, type SharedPrices } from "./prices.store";

/**
 * The prices that are in use, remembered. Versions never change, so nothing here can be wrong, only late: what is known is known up to a
 * revision of the credit type's prices, and whoever moves credits compares that with what the database says as it decides.
 */

/** What applies to somebody. */
export interface Prices extends InForce {
  readonly book: PriceBook;
  /** Of the credit type's prices: how far this is known. */
  readonly revision: number;
  /** When the last of the versions was published that were looked through: it is no earlier than that. */
  readonly publishedAt: Instant;
  /** The plan that they were found for; ANY: no plan has prices of its own. */
  readonly plan: PriceTerms["plan"];
  /** The plan whose own list is among them, by its number in the catalogue; null: no plan's is. */
  readonly listedPlan: number | null;
}

/** Who is to pay. `plan` undefined: the one that the account is on. */
export interface AskingPayer extends Omit<Payer, "plan"> {
  readonly plan: number | null | undefined;
}

/**
 * Which prices, of whom, when; `revision` null: as far as they are known now. `present`: `at` is a clock's, which may be behind that of a
 * server that has published since; what was published to begin at once has begun all the same.
 */
export interface PricesAsked {
  readonly creditTypeId: number;
  readonly payer: AskingPayer;
  readonly at: Instant;
  readonly present: boolean;
  readonly revision: number | null;
}

type Place = Pick<Core, "pool">;

/** The prices that apply. `atLeast`: how far they must be known (see `Pricer`). Null: there is no such credit type. */
export async function pricesFor({ pool }: Place, asked: PricesAsked, atLeast: number | "LATEST" | null): Promise<Prices | null> {
  const { creditTypeId } = asked;
  const shelf = shelfOf(pool);
  const least = atLeast === "LATEST" ? await readRevision(pool, creditTypeId) : (atLeast ?? 0);
  const known = least === null ? null : await shelf.known(creditTypeId, least);
  if (known === null) return null;
  const plan = known.plans.size === 0 ? "ANY" : await shelf.planOf(asked.payer, atLeast === "LATEST");
  return shelf.prices(known, asked, plan);
}

/** Remembers the plan that an account turned out to be on. */
export function notePlan({ pool }: Place, accountId: string, plan: number | null): void {
  shelfOf(pool).notePlan(accountId, plan);
}

/** The prices of a version, by operation. */
export function pricesOf({ pool }: Place, version: number): Promise<ReadonlyMap<string, Price>> {
  return shelfOf(pool).pricesOf(version);
}

/** A credit type's shared prices up to a revision, with what was made of them since. */
interface Known extends SharedPrices {
  /** That have lists of their own: others pay what everybody pays, and need not be told apart. */
  readonly apps: ReadonlySet<string>;
  readonly plans: ReadonlySet<number>;
  readonly ofAccounts: Map<string, Promise<readonly PriceVersion[]>>;
  /** What applies now, by payer. */
  readonly current: Map<string, Prices>;
}

/** Each takes the place of prices that were read, or of a book that was put together: some 100 B to 100 KB. */
const MOST_VERSIONS = 1_000;
const MOST_PAYERS = 10_000;
/** Some 100 B each. */
const MOST_PLANS_KNOWN = 100_000;

class Shelf {
  readonly #known = new Map<number, Promise<Known | null>>();
  readonly #versions = new Map<number, Promise<ReadonlyMap<string, Price>>>();
  readonly #plans = new Map<string, number | null>();

  constructor(private readonly pool: Core["pool"]) {}

  async known(creditTypeId: number, atLeast: number): Promise<Known | null> {
    const before = this.#known.get(creditTypeId);
    const known = before && (await before);
    if (known && known.revision >= atLeast) return known;
    // Of all who find it late at once, one reads for all.
    const latest = this.#known.get(creditTypeId);
    return latest && latest !== before ? this.known(creditTypeId, atLeast) : this.#read(creditTypeId);
  }

  /** The plan that prices are to be found for. What is remembered of it may be late: `latest` asks for it anew. */
  async planOf({ accountId, plan }: AskingPayer, latest: boolean): Promise<number | null> {
    if (plan !== undefined || accountId === null) return plan ?? null;
    const remembered = latest ? undefined : this.#plans.get(accountId);
    if (remembered !== undefined) return remembered;
    const found = await PLANS.ask(this.pool, accountId);
    this.notePlan(accountId, found);
    return found;
  }

  notePlan(accountId: string, plan: number | null): void {
    keep(this.#plans, accountId, plan, MOST_PLANS_KNOWN);
  }

  async prices(known: Known, asked: PricesAsked, plan: PriceTerms["plan"]): Promise<Prices> {
    const { creditTypeId, payer, at, present, revision } = asked;
    const own = payer.accountId !== null && known.accounts.has(payer.accountId) ? payer.accountId : null;
    const app = payer.app !== null && known.apps.has(payer.app) ? payer.app : null;
    const name = `${own ?? ""} ${plan ?? ""} ${app ?? ""}`;
    const current = known.current.get(name);
    if (revision === null && current && isWithin(current, present ? later(at, current.publishedAt) : at)) return current;
    const versions = own === null ? known.versions : [...known.versions, ...(await this.#ofAccount(known, creditTypeId, own))];
    const upTo = revision ?? known.revision;
    const publishedAt = versions.reduce((latest, version) => later(latest, version.publishedAt), 0n);
    const applying = inForce(versions, upTo, present ? later(at, publishedAt) : at, {
      ...payer,
      plan: plan === "ANY" ? null : plan,
    });
    const lists = await Promise.all(applying.versions.map(async ({ id }) => ({ version: id, prices: await this.pricesOf(id) })));
    const prices = { ...applying, book: { lists }, revision: upTo, publishedAt, plan, listedPlan: listedPlanOf(applying) };
    if (revision === null && present) keep(known.current, name, prices, MOST_PAYERS);
    return prices;
  }

  #read(creditTypeId: number): Promise<Known | null> {
    const reading = readSharedPrices(this.pool, creditTypeId).then(
      (shared) =>
        shared && { ...shared, apps: appsIn(shared), plans: plansIn(shared), ofAccounts: new Map(), current: new Map() },
    );
    return this.#keepUnlessFailed(this.#known, creditTypeId, reading);
  }

  #ofAccount({ ofAccounts }: Known, creditTypeId: number, accountId: string): Promise<readonly PriceVersion[]> {
    const known = ofAccounts.get(accountId);
    if (known) return known;
    return this.#keepUnlessFailed(ofAccounts, accountId, readAccountPrices(this.pool, creditTypeId, accountId), MOST_PAYERS);
  }

  pricesOf(version: number): Promise<ReadonlyMap<string, Price>> {
    const known = this.#versions.get(version);
    if (known) return known;
    const reading = readPrices(this.pool, [version]).then((prices) => prices.get(version) ?? new Map<string, Price>());
    return this.#keepUnlessFailed(this.#versions, version, reading, MOST_VERSIONS);
  }

  #keepUnlessFailed<Key, T>(
    map: Map<Key, Promise<T>>,
    key: Key,
    reading: Promise<T>,
    most = Number.POSITIVE_INFINITY,
  ): Promise<T> {
    keep(map, key, reading, most);
    reading.catch(() => {
      if (map.get(key) === reading) map.delete(key);
    });
    return reading;
  }
}

/** Whether what applied when it was put together applies still. Time may have been set back since. */
function isWithin({ versions, until }: Prices, at: Instant): boolean {
  return (until === null || at < until) && versions.every(({ effectiveFrom }) => effectiveFrom <= at);
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

function appsIn({ versions }: SharedPrices): ReadonlySet<string> {
  return new Set(versions.flatMap(({ owner }) => (owner.kind === "app" ? [owner.app] : [])));
}

function plansIn({ versions }: SharedPrices): ReadonlySet<number> {
  return new Set(versions.flatMap(({ owner }) => (owner.kind === "plan" ? [owner.planId] : [])));
}

function listedPlanOf({ versions }: InForce): number | null {
  for (const { owner } of versions) if (owner.kind === "plan") return owner.planId;
  return null;
}

/** The plans of accounts, read for all who ask at once. */
const PLANS = new SharedRead<Core["pool"], string, number | null>(
  (accountId) => accountId,
  1_000,
  (pool, asked) =>
    readPlansOf(
      pool,
      asked.map(({ question }) => question),
    ),
);

/** Beyond so many the oldest goes. */
function keep<Key, T>(map: Map<Key, T>, key: Key, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

/** One for each connection pool; it goes with it. */
const SHELVES = new WeakMap<Core["pool"], Shelf>();

function shelfOf(pool: Core["pool"]): Shelf {
  const known = SHELVES.get(pool);
  if (known) return known;
  const shelf = new Shelf(pool);
  SHELVES.set(pool, shelf);
  return shelf;
}
