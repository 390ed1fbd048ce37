import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import type { Page, Window } from "../platform/window";
import type { Payer } from "./model/in-force";
import type { PriceOwner, PriceVersion } from "./model/price-list";
import type { Price, PriceBook } from "./model/types";
import { type AskingPayer, type Prices, pricesFor, pricesOf } from "./price-books";
import { pageVersions, readVersion } from "./prices.store";

type Place = Pick<Core, "pool">;

/** What everything costs somebody at an instant, as it is planned or was. */
export interface PriceTable {
  readonly prices: Prices;
  /** One for each operation: of the first list that has it, in the order of the lists. */
  readonly rows: readonly Price[];
}

/** Null: there is no such credit type. */
export async function priceTable(core: Place, creditTypeId: number, payer: AskingPayer, at: Instant): Promise<PriceTable | null> {
  const prices = await pricesFor(core, { creditTypeId, payer, at, revision: null, present: false }, "LATEST");
  if (!prices) return null;
  const rows = new Map<string, Price>();
  // Everybody's first: it has the order that people know.
  for (const { prices: own } of prices.book.lists.toReversed()) for (const [operation, price] of own) rows.set(operation, price);
  return { prices, rows: [...rows.values()] };
}

/** The prices of a version, and what applied beside it when it began. */
export async function pricesIn(
  core: Place,
  { id, creditTypeId, owner, effectiveFrom }: PriceVersion,
): Promise<{ readonly prices: readonly Price[]; readonly book: PriceBook }> {
  const prices = await pricesOf(core, id);
  const payer: Payer = { accountId: null, app: null, plan: null };
  const shared =
    owner.kind === "everybody"
      ? null
      : await pricesFor(core, { creditTypeId, payer, at: effectiveFrom, revision: null, present: false }, null);
  return { prices: [...prices.values()], book: { lists: [{ version: id, prices }, ...(shared?.book.lists ?? [])] } };
}

/** A version by its number in the catalogue; null when there is none. */
export function priceVersion({ pool }: Place, id: number): Promise<PriceVersion | null> {
  return readVersion(pool, id);
}

/** A part of a list's versions, the newest first, withdrawn ones among them. */
export function listVersions(
  { pool }: Place,
  creditTypeId: number,
  owner: PriceOwner,
  window: Window,
): Promise<Page<PriceVersion>> {
  return pageVersions(pool, creditTypeId, owner, window);
}
