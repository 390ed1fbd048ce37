import { isDeepStrictEqual } from "node:util";
import { formatInstant, type Instant } from "../../../src/core/time";
import { walletId } from "../../../src/wallet/ids";
import { nextDueAt } from "../../../src/wallet/model/catch-up";
import type { WalletKey } from "../../../src/wallet/model/types";
import type { LoggedTransaction, ShownAlert, ShownWallet } from "./answers";
import { PAGES, STATE } from "./documents";
import type { Ledger } from "./ledger";
import type { Line } from "./lines";
import { now, reached, SKEW } from "./real-time";
import type { Shown } from "./shown";

/** A wallet as the API shows all of it, read while nothing happened in it: from `since` to `until`. */
export interface ReadBack {
  readonly since: Instant;
  readonly until: Instant;
  readonly wallet: ShownWallet & { readonly thresholds: readonly Shown[]; readonly usage: readonly Shown[] };
  readonly instants: { readonly before: Instant; readonly within: Instant; readonly now: Instant; readonly later: Instant };
  readonly transactions: readonly LoggedTransaction[];
  readonly alerts: readonly ShownAlert[];
  readonly grants: readonly Shown[];
  /** The ids of the grants in the order of consumption. */
  readonly inOrder: readonly { readonly id: string }[];
  readonly holds: readonly Shown[];
}

/** Microseconds in which nothing may fall due, so that all pages show one state. */
const CALM = 1_000_000n;
/** Microseconds until it is read again. If what is to be read never comes, that is for the judge to say. */
const PAUSE = 200_000n;
const MOST_ATTEMPTS = 50;
const YEAR = 31_536_000_000_000n;

/**
 * Reads all of a wallet once nobody writes to it any more, at a time when nothing falls due in it either; again, until all that
 * had fallen due is written.
 */
export async function readBack(line: Line, guessed: Ledger, opened: Instant): Promise<ReadBack> {
  const { key } = guessed.wallet;
  for (let attempt = 1; ; attempt++) {
    await calm(guessed);
    const since = now();
    const instants = { before: opened - YEAR, within: opened + (since - opened) / 2n, now: since, later: since + YEAR };
    const wallet = await readState(line, key, instants);
    const [transactions, grants, inOrder, holds, alerts] = await Promise.all([
      readPages<LoggedTransaction>(line, PAGES.transactions, key),
      readPages<Shown>(line, PAGES.grants, key),
      readPages<{ readonly id: string }>(line, PAGES.inOrder, key),
      readPages<Shown>(line, PAGES.holds, key),
      readPages<ShownAlert>(line, PAGES.alerts, key),
    ]);
    const until = now();
    const due = nextDueAt(guessed.wallet);
    const isWritten = Number(wallet.sequence) === guessed.wallet.sequence && (due === null || due > until + SKEW);
    if ((isWritten && isDeepStrictEqual(await readState(line, key, instants), wallet)) || attempt === MOST_ATTEMPTS) {
      return { since, until, instants, wallet, transactions, grants, inOrder, holds, alerts };
    }
    await reached(until + PAUSE);
  }
}

/** Resolves at a time when nothing falls due for a while. */
async function calm(guessed: Ledger): Promise<void> {
  guessed.catchUp(now() - SKEW);
  for (let due = nextDueAt(guessed.wallet); due !== null && due < now() + CALM; due = nextDueAt(guessed.wallet)) {
    await reached(due + SKEW);
    guessed.catchUp(due);
  }
}

async function readState(line: Line, key: WalletKey, instants: ReadBack["instants"]): Promise<ReadBack["wallet"]> {
  const times = Object.entries(instants).map(([name, instant]) => [name, formatInstant(instant)]);
  const { wallet } = await line.ask<{ wallet: ReadBack["wallet"] }>(STATE, { id: walletId(key), ...Object.fromEntries(times) });
  return wallet;
}

interface Page<Node> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly { readonly node: Node }[];
}

async function readPages<Node>(line: Line, document: string, key: WalletKey): Promise<readonly Node[]> {
  const all: Node[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { wallet }: { wallet: { page: Page<Node> } } = await line.ask(document, { id: walletId(key), after });
    all.push(...wallet.page.nodes.map(({ node }) => node));
    after = wallet.page.pageInfo.endCursor;
    more = wallet.page.pageInfo.hasNextPage;
  }
  return all;
}
