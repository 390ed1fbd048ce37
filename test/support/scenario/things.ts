import { type Grant, HOLD_STATUSES, type Hold, POTS, type Pot } from "../../../src/wallet/model/types";
import { same } from "../auditor/expect";
import { instantOrNever, sameAmount, sameInstant } from "./shown";
import { lookUp, type Words } from "./words";
import type { NamedWallet } from "./world";

/** What can be expected of a hold: "hold OPEN held 20 captured 5 released 0 expires 2h", any of it. */
const OF_HOLD: Readonly<Record<string, (words: Words, hold: Hold) => void>> = {
  held: (words, { amount, captured, released }) => sameAmount(amount - captured - released, words.amount(), "still held"),
  captured: (words, hold) => sameAmount(hold.captured, words.amount(), "captured"),
  released: (words, hold) => sameAmount(hold.released, words.amount(), "released"),
  expires: (words, hold) => sameInstant(hold.expiresAt, words.instant(), "when the hold expires"),
};

/** What can be expected of a grant beside its pots: "plan held 20 expires 3d", any of it. */
const OF_GRANT: Readonly<Record<string, (words: Words, grant: Grant, wallet: NamedWallet) => void>> = {
  amount: (words, grant) => sameAmount(grant.amount, words.amount(), "the grant's amount"),
  repaid: (words, grant) => sameAmount(grant.repaid, words.amount(), "what the grant repaid"),
  expires: (words, grant) => sameInstant(grant.expiresAt, instantOrNever(words), "when the grant expires"),
  effective: (words, grant) => sameInstant(grant.effectiveAt, words.instant(), "when the grant is effective"),
  priority: (words, grant) => same(grant.priority, words.whole("a priority"), "the grant's priority"),
  for: (words, grant) => same(grant.scope.operations, words.names("operations"), "the grant's operations"),
  apps: (words, grant) => same(grant.scope.apps, words.names("apps"), "the grant's apps"),
  source: (words, grant) => same(grant.source, words.next("a source"), "the grant's source"),
  cost: (words, grant) => {
    const expected = words.takes("none") ? null : { amount: words.next("a price"), currency: words.next("a currency") };
    same(grant.costBasis, expected, "the grant's cost");
  },
  of: expectOrigin,
  repaying: (_words, grant) => same(grant.repaysDebt, true, "whether the grant repays debt"),
  unrepaying: (_words, grant) => same(grant.repaysDebt, false, "whether the grant repays debt"),
  unrolling: (_words, grant) => same(grant.rollover, null, "the grant's rollover"),
};

export function expectHold(words: Words, hold: Hold): void {
  if (words.done) throw words.error("nothing is said of the hold");
  while (!words.done) {
    const word = words.next("a word about a hold");
    const expectation = lookUp(OF_HOLD, word);
    if (expectation) expectation(words, hold);
    else if ((HOLD_STATUSES as readonly string[]).includes(word)) same(hold.status, word, "the status of the hold");
    else throw words.error(`"${word}" says nothing about a hold`);
  }
}

/** "plan 20" is what is available of it. */
export function expectGrant(words: Words, grant: Grant, wallet: NamedWallet): void {
  if (words.done) throw words.error("nothing is said of the grant");
  if (words.hasAmount()) sameAmount(grant.pots.AVAILABLE, words.amount(), `available of grant ${grant.number}`);
  while (!words.done) {
    const word = words.next("a word about a grant");
    const pot = word.toUpperCase() as Pot;
    const expectation = lookUp(OF_GRANT, word);
    if (POTS.includes(pot)) sameAmount(grant.pots[pot], words.amount(), `${word} of grant ${grant.number}`);
    else if (expectation) expectation(words, grant, wallet);
    else throw words.error(`"${word}" says nothing about a grant`);
  }
}

/** "of plan", or "of friend's plan": the grant that its credits were moved from; "of none". */
function expectOrigin(words: Words, { origin }: Grant, wallet: NamedWallet): void {
  if (words.takes("none")) {
    same(origin, null, "the grant's origin");
    return;
  }
  const owner = words.peek().endsWith("'s") ? wallet.neighbour(words.next("whose").slice(0, -2)) : wallet;
  const number = owner.grantNumber(words.next("a grant"));
  same(origin, { ...owner.history.wallet.key, number }, "the grant's origin");
}
