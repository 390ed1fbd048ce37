import { type Amount, formatAmount } from "../../../src/core/amount";
import { formatInstant, type Instant } from "../../../src/core/time";
import { nextDueAt } from "../../../src/wallet/model/catch-up";
import type { WalletRefusal } from "../../../src/wallet/model/commands";
import {
  type Alert,
  type Balance,
  GRANT_KINDS,
  type GrantKind,
  TRANSACTION_TYPES,
  type Transaction,
} from "../../../src/wallet/model/types";
import { same } from "../auditor/expect";
import { instantOrNever, json, sameAmount, sameInstant, sameLines } from "./shown";
import { expectGrant, expectHold } from "./things";
import { lookUp, type Words } from "./words";
import type { Happened, NamedWallet } from "./world";

/** What a step is compared with: its wallet now, and what it did. */
interface Found {
  readonly wallet: NamedWallet;
  readonly balance: Balance;
  readonly happened: Happened;
  /** Lists that are compared whole, once all expectations of the step have been read. */
  readonly types: string[];
  readonly alerts: string[];
}

const ALERTS: Readonly<Record<string, Alert["type"]>> = {
  low: "LOW",
  depleted: "DEPLETED",
  recovered: "RECOVERED",
  expiring: "EXPIRING_SOON",
};

/**
 * What can be expected of a step, by first word; the name of a grant or hold is one too (see things.ts).
 *
 * - `SPEND 20 at 3d` and the other types: these and no other transactions came of the step, in this order; `nothing`: none did.
 * - `low 20`, `depleted`, `recovered 20`, `expiring plan 5`: these and no other alerts, in this order; `quiet`: none.
 * - `refused CODE field value ...`
 * - `pays plan 30 then promo 20`: whom the waterfall drew from, in order; `moves plan held>available 20 then ...`: all entries, in order.
 * - `amount`, `policy`: of the step's transaction. `due 3d` or `due never`: what falls due next.
 * - `available`, `held`, `pending`, `debt`, `spendable`, `kind PROMO 20`: the balance. `no rollover`: there is no such grant.
 */
const EXPECTATIONS: Readonly<Record<string, (words: Words, found: Found) => void>> = {
  nothing: () => undefined,
  quiet: () => undefined,
  refused: (words, { happened }) => expectRefusal(words, happened.refusal),
  pays: expectDraws,
  moves: expectMoves,
  amount: (words, found) => sameAmount(ownOf(found, words).amount, words.amount(), "the transaction's amount"),
  policy: (words, found) => same(ownOf(found, words).policy, words.whole("a version"), "the policy"),
  due: (words, { wallet }) => sameInstant(nextDueAt(wallet.history.wallet), instantOrNever(words), "what is due next"),
  no: (words, { wallet }) => same(wallet.hasGrant(words.peek()), false, `a grant named ${words.next("a grant")}`),
  spendable: (words, { balance }) => sameAmount(balance.available + balance.overdraft, words.amount(), "spendable"),
  available: (words, { balance }) => sameAmount(balance.available, words.amount(), "available"),
  held: (words, { balance }) => sameAmount(balance.held, words.amount(), "held"),
  pending: (words, { balance }) => sameAmount(balance.pending, words.amount(), "pending"),
  debt: (words, { balance }) => sameAmount(balance.debt, words.amount(), "debt"),
  kind: expectKind,
};

/** Holds a step against all its expectations. A refusal that is not expected is an error, as is an expected one that did not come. */
export function expectAll(expectations: readonly Words[], wallet: NamedWallet, happened: Happened): void {
  const found: Found = { wallet, balance: wallet.history.wallet.balance, happened, types: [], alerts: [] };
  const firsts = expectations.map((words) => words.peek());
  if (happened.refusal && !firsts.includes("refused")) throw new Error(`refused: ${json(happened.refusal)}`);
  for (const words of expectations) {
    expectOne(words, found);
    words.end();
  }
  const listed = (none: string, isOne: (word: string) => boolean) => firsts.some((word) => word === none || isOne(word));
  if (listed("nothing", isType)) sameLines(transactionsOf(found), found.types, "transactions");
  if (listed("quiet", isAlert)) sameLines(alertsOf(found), found.alerts, "alerts");
}

function expectOne(words: Words, found: Found): void {
  const { wallet } = found;
  const word = words.next("what is expected");
  const expectation = lookUp(EXPECTATIONS, word);
  if (expectation) expectation(words, found);
  else if (isType(word)) found.types.push(lineOf(word, words));
  else if (isAlert(word)) found.alerts.push(alertLineOf(word, words));
  else if (wallet.hasHold(word)) expectHold(words, wallet.hold(word));
  else if (wallet.hasGrant(word)) expectGrant(words, wallet.grant(word), wallet);
  else throw words.error(`"${word}" is nothing that can be expected, and no grant or hold`);
}

function isType(word: string): boolean {
  return (TRANSACTION_TYPES as readonly string[]).includes(word);
}

function isAlert(word: string): boolean {
  return Object.hasOwn(ALERTS, word);
}

function ownOf({ happened }: Found, words: Words): Transaction {
  const own = happened.own ?? happened.transactions.at(-1);
  if (!own) throw words.error("the step made no transaction");
  return own;
}

/** "refused INSUFFICIENT_CREDITS shortfall 20": the code, then any of the refusal's fields. */
function expectRefusal(words: Words, refusal: WalletRefusal | null): void {
  const code = words.next("a code");
  if (!refusal) throw words.error("it was not refused");
  same(refusal.code, code, "the refusal's code");
  const fields = refusal as unknown as Readonly<Record<string, unknown>>;
  while (!words.done) {
    const field = words.next("a field of the refusal");
    if (!Object.hasOwn(fields, field)) throw words.error(`the refusal has no ${field}: ${json(refusal)}`);
    const value = fields[field];
    if (typeof value === "bigint") sameAmount(value, words.amount(), `the refusal's ${field}`);
    else same(String(value), words.next("a value"), `the refusal's ${field}`);
  }
}

/** "SPEND 20 at 3d": amount and instant where they matter. */
function lineOf(what: string, words: Words): string {
  const amount = words.hasAmount() ? ` ${formatAmount(words.amount())}` : "";
  const at = words.takes("at") ? ` at ${formatInstant(words.instant())}` : "";
  return `${what}${amount}${at}`;
}

/** "low 20", "expiring plan 30 at 4d": the threshold's amount, or the grant and what is left of it. */
function alertLineOf(word: string, words: Words): string {
  const about = word === "expiring" ? ` ${words.next("a grant")}` : "";
  return lineOf(`${word}${about}`, words);
}

function transactionsOf({ happened, types }: Found): readonly string[] {
  return happened.transactions.map(({ type, amount, effectiveAt }, index) => asDetailed(type, amount, effectiveAt, types[index]));
}

function alertsOf({ wallet, happened, alerts: expected }: Found): readonly string[] {
  return happened.alerts.map(({ type, threshold, grant, expiring, effectiveAt }, index) => {
    const word = Object.keys(ALERTS).find((one) => ALERTS[one] === type) ?? type;
    const about = grant === null ? "" : ` ${wallet.grantName(grant)}`;
    return asDetailed(`${word}${about}`, threshold?.amount ?? expiring ?? 0n, effectiveAt, expected[index]);
  });
}

/** What was found, in as much detail as was expected in its place. */
function asDetailed(what: string, amount: Amount, at: Instant, expected = ""): string {
  const withAmount = / -?[\d.]+( at |$)/.test(expected) ? ` ${formatAmount(amount)}` : "";
  return `${what}${withAmount}${expected.includes(" at ") ? ` at ${formatInstant(at)}` : ""}`;
}

function expectDraws(words: Words, found: Found): void {
  const drawn = ownOf(found, words).entries.filter(({ from, to }) => from === "AVAILABLE" && to !== "EXPIRED");
  const paid = drawn.map(({ grant, amount }) => `${found.wallet.grantName(grant)} ${formatAmount(amount)}`);
  const expected: string[] = [];
  do expected.push(`${words.next("a grant")} ${formatAmount(words.amount())}`);
  while (words.takes("then"));
  sameLines(paid, expected, "who pays");
}

function expectMoves(words: Words, found: Found): void {
  const moved = ownOf(found, words).entries.map(({ grant, from, to, amount }) => {
    return `${found.wallet.grantName(grant)} ${from}>${to} ${formatAmount(amount)}`.toLowerCase();
  });
  const expected: string[] = [];
  if (!words.takes("nothing")) {
    do expected.push(`${words.next("a grant")} ${words.next("pots")} ${formatAmount(words.amount())}`);
    while (words.takes("then"));
  }
  sameLines(moved, expected, "what is moved");
}

function expectKind(words: Words, { balance }: Found): void {
  const kind = words.next("a kind").toUpperCase() as GrantKind;
  const index = GRANT_KINDS.indexOf(kind);
  if (index < 0) throw words.error(`there is no kind of grant ${kind}`);
  sameAmount(balance.byKind[index] ?? 0n, words.amount(), `available of ${kind}`);
}
