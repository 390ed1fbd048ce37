import type { Instant } from "../../../src/core/time";
import type { HoldExpiry, Outcome, WalletCommand } from "../../../src/wallet/model/commands";
import {
  GRANT_KINDS,
  type GrantKind,
  type GrantTerms,
  type Policy,
  WATERFALL_KEYS,
  type Wallet,
} from "../../../src/wallet/model/types";
import * as make from "../commands";
import { lookUp, type Words } from "./words";
import { type Happened, type NamedWallet, NOTHING_HAPPENED, type World } from "./world";

interface Scene {
  readonly world: World;
  readonly wallet: NamedWallet;
  readonly now: Instant;
}
type Verb = (words: Words, scene: Scene) => Happened;

const REPAYING: ReadonlySet<GrantKind> = new Set(["PURCHASED", "PLAN", "ADJUSTMENT"]);
export const POLICIES: Readonly<Record<string, Policy>> = {
  default: { version: 1, keys: WATERFALL_KEYS },
  "paid-last": { version: 2, keys: ["PRIORITY", "KIND", "EXPIRY", "SCOPE", "EFFECTIVE"] },
  "scope-first": { version: 3, keys: ["SCOPE", "PRIORITY", "EXPIRY", "KIND", "EFFECTIVE"] },
  "oldest-first": { version: 4, keys: ["EFFECTIVE", "PRIORITY", "EXPIRY", "KIND", "SCOPE"] },
};

const VERBS: Readonly<Record<string, Verb>> = {
  grant,
  spend: (words, scene) => {
    const amount = words.amount();
    const { use, name } = useOf(words);
    return act(scene, make.spendOf(amount, use), name);
  },
  hold: (words, scene) => {
    const amount = words.amount();
    const { use, name, expires } = useOf(words);
    if (!expires) throw words.error("a hold needs until or lasting");
    return act(scene, make.holdOf(amount, expires, use), name);
  },
  capture,
  extend: (words, scene) => {
    const hold = holdOf(words, scene);
    return act(scene, make.extendOf(hold, expiryOf(words.next("until or lasting"), words)), null);
  },
  release: (words, scene) => {
    const command = make.releaseOf(holdOf(words, scene));
    return act(scene, { ...command, boundTo: boundTo(words) }, null);
  },
  refund: (words, scene) => {
    const spend = numberOf(words, "a spend", (name) => scene.wallet.spendNumber(name));
    const command = make.refundOf(spend, words.hasAmount() ? words.amount() : null);
    return act(scene, { ...command, boundTo: boundTo(words) }, null);
  },
  void: (words, scene) => {
    const grant = numberOf(words, "a grant", (name) => scene.wallet.grantNumber(name));
    return act(scene, words.hasAmount() ? make.withdrawOf(grant, words.amount()) : make.voidOf(grant), null);
  },
  adjust: (words, scene) => act(scene, make.adjustOf(words.amount()), null),
  overdraft: (words, scene) => act(scene, make.overdraftOf(words.amount()), null),
  transfer: (words, scene) => {
    const amount = words.amount();
    if (!words.takes("to")) throw words.error("a transfer goes to somebody");
    const receiver = scene.world.wallet(words.next("whose wallet"));
    words.end();
    const command = make.transferOf(receiver.history.wallet.key, amount);
    const happened = did(scene.wallet.history.transfer(receiver.history, command, scene.now));
    if (receiver !== scene.wallet) receiver.nameNew(null);
    scene.wallet.nameNew(null);
    return happened;
  },
  threshold: (words, { wallet, now }) => {
    const amount = words.amount();
    return set(wallet, now, () => wallet.history.addThreshold(amount));
  },
  forget: (words, { wallet, now }) => {
    const number = words.whole("the number of a threshold");
    return set(wallet, now, () => wallet.history.removeThreshold(number));
  },
  policy: (words, { wallet }) => {
    const policy = lookUp(POLICIES, words.next("a policy"));
    if (!policy) throw words.error("no such policy");
    wallet.history.setPolicy(policy);
    return NOTHING_HAPPENED;
  },
  zone: (words, { wallet }) => setting(wallet, { timeZone: words.next("a time zone") }),
  grace: (words, { wallet }) => setting(wallet, { refundGrace: words.period() }),
  notice: (words, { wallet }) => setting(wallet, { expiryNotice: words.period() }),
  type: (words, { wallet }) => {
    return setting(wallet, { key: { ...wallet.history.wallet.key, creditTypeId: words.whole("a credit type") } });
  },
  look: () => NOTHING_HAPPENED,
};

/** Does one step: "friend's at 3d spend 20 for image.make". Without a verb, the wallet catches up to the time that it names. */
export function doStep(world: World, words: Words): { readonly wallet: NamedWallet; readonly happened: Happened } {
  const wallet = world.wallet(words.peek().endsWith("'s") ? words.next("whose").slice(0, -2) : "own");
  const timed = words.takes("at") ? words.instant() : words.takes("after") ? world.now + words.span() : null;
  world.now = timed ?? world.now;
  const scene = { world, wallet, now: world.now };
  if (words.done && timed !== null) return { wallet, happened: set(wallet, world.now, () => undefined) };
  const word = words.next("what is done");
  const verb = lookUp(VERBS, word);
  if (!verb) throw words.error(`"${word}" is nothing that can be done`);
  const happened = verb(words, scene);
  words.end();
  return { wallet, happened };
}

function act({ wallet, now }: Scene, command: WalletCommand, name: string | null): Happened {
  const happened = did(wallet.history.act(command, now));
  wallet.nameNew(happened.own ? name : null);
  return happened;
}

function did(outcome: Outcome): Happened {
  const { transactions, alerts } = outcome;
  if (outcome.refused) return { transactions, alerts, own: null, refusal: outcome.refusal };
  return { transactions, alerts, own: outcome.transaction, refusal: null };
}

/** Thresholds are set on a wallet that has caught up. */
function set(wallet: NamedWallet, now: Instant, change: () => void): Happened {
  const { transactions, alerts } = wallet.history.catchUp(now);
  change();
  wallet.nameNew(null);
  return { transactions, alerts, own: null, refusal: null };
}

function setting(wallet: NamedWallet, settings: Partial<Wallet>): Happened {
  wallet.reopen(settings);
  return NOTHING_HAPPENED;
}

function grant(words: Words, scene: Scene): Happened {
  const kind = words.next("a kind").toUpperCase() as GrantKind;
  if (!GRANT_KINDS.includes(kind)) throw words.error(`there is no kind of grant ${kind}`);
  const amount = words.amount();
  const terms: { -readonly [Field in keyof GrantTerms]?: GrantTerms[Field] } = { kind, repaysDebt: REPAYING.has(kind) };
  const scope = { operations: [] as readonly string[], apps: [] as readonly string[] };
  let name: string | null = null;
  let defaultLife: string | null = null;
  options(words, {
    p: (rest) => (terms.priority = Number(rest)),
    from: () => (terms.effectiveAt = words.instant()),
    until: () => (terms.expiresAt = words.instant()),
    life: () => (defaultLife = words.period()),
    for: () => (scope.operations = words.names("operations")),
    apps: () => (scope.apps = words.names("apps")),
    cost: () => (terms.costBasis = { amount: words.next("a price"), currency: words.next("a currency") }),
    rolls: () => (terms.rollover = rolloverOf(words)),
    repaying: () => (terms.repaysDebt = true),
    unrepaying: () => (terms.repaysDebt = false),
    source: () => (terms.source = words.next("a source")),
    as: () => (name = words.next("a name")),
  });
  return act(scene, { ...make.grantOf(amount, { ...terms, scope }), defaultLife }, name);
}

/** "50% max 20 over 2 P1M to 40d": for one period of 30 days unless told; `to`: until then, whatever the periods. */
function rolloverOf(words: Words): GrantTerms["rollover"] {
  const percent = /^(\d+)%$/.exec(words.next("a percentage"))?.[1];
  if (percent === undefined) throw words.error("what is kept is a percentage");
  const maximum = words.takes("max") ? words.amount() : null;
  const over = words.takes("over");
  const periods = over ? words.whole("how many periods") : 1;
  const period = over ? words.period() : "P30D";
  return { percent: Number(percent), maximum, periods, period, ...(words.takes("to") ? { until: words.instant() } : {}) };
}

function useOf(words: Words) {
  const use = { operation: null as string | null, app: null as string | null };
  const more = { allowPartial: false, occurredAt: null as Instant | null };
  let name: string | null = null;
  let expires: HoldExpiry | null = null;
  options(words, {
    for: () => (use.operation = words.next("an operation")),
    app: () => (use.app = words.next("an app")),
    partial: () => (more.allowPartial = true),
    used: () => (more.occurredAt = words.instant()),
    until: () => (expires = expiryOf("until", words)),
    lasting: () => (expires = expiryOf("lasting", words)),
    as: () => (name = words.next("a name")),
  });
  return { use: { ...use, ...more }, name, expires: expires as HoldExpiry | null };
}

function capture(words: Words, scene: Scene): Happened {
  const hold = holdOf(words, scene);
  const amount = words.hasAmount() ? words.amount() : null;
  const given = { allowExcess: false, final: true, boundTo: null as string | null };
  let name: string | null = null;
  options(words, {
    excess: () => (given.allowExcess = true),
    more: () => (given.final = false),
    by: () => (given.boundTo = words.next("an app")),
    as: () => (name = words.next("a name")),
  });
  return act(scene, make.captureOf(hold, amount, given), name);
}

function expiryOf(word: string, words: Words): HoldExpiry {
  if (word === "until") return { at: words.instant() };
  if (word === "lasting") return { in: words.period() };
  throw words.error(`"${word}" does not say when a hold ends`);
}

/** "by photos": asked by a key that is bound to that app. */
function boundTo(words: Words): string | null {
  return words.takes("by") ? words.next("an app") : null;
}

function holdOf(words: Words, { wallet }: Scene): number {
  return numberOf(words, "a hold", (name) => wallet.holdNumber(name));
}

/** By its name; or "#7": what has no name because there is no such thing, or it is of another sort. */
function numberOf(words: Words, what: string, named: (name: string) => number): number {
  const word = words.next(what);
  return word.startsWith("#") ? Number(word.slice(1)) : named(word);
}

/** Takes all words that are left as options; "p20" is the option p with the rest 20. */
function options(words: Words, known: Readonly<Record<string, (rest: string) => unknown>>): void {
  while (!words.done) {
    const word = words.next("an option");
    const priority = /^p(\d+)$/.exec(word)?.[1];
    const option = priority === undefined ? lookUp(known, word) : lookUp(known, "p");
    if (!option) throw words.error(`"${word}" means nothing here`);
    option(priority ?? "");
  }
}
