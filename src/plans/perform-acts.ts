import type { Amount } from "../core/amount";
import { assert } from "../core/assert";
import { RESERVED_KEYS } from "../core/reserved-keys";
import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import { Turns } from "../platform/turns";
import { type Command, openWallet, submit, type Transaction, type WalletKey } from "../wallet";
import { remainsOf } from "./model/allot";
import type { Act } from "./model/commands";
import { afterEnd, lessen, OWING_NOTHING, type Owing } from "./model/owing";
import { markPerformed, type Performed, readGrantNumbers, readOutstanding, readOwings } from "./store/subscriptions.reads";
import { planActor, readTimeZone } from "./store/subscriptions.store";
import type { PlanAct, SubscriptionAnswer } from "./subscription";

/** How many acts are read at once. */
const STRIDE = 100;

/** How many wallets are seen to at once: each takes a connection now and then, of the ten that a server has for all. */
const AT_ONCE = 4;

/**
 * Performs what an account's subscriptions have yet to do to its wallets; in each wallet in order, one subscription after the other: what
 * the next one sets, the last must not undo. What is written there has the act's idempotency key: so it may be done again after a crash,
 * and by two servers at once, and counts once. Throws when a wallet does not take an act: the rest for that wallet waits.
 */
export async function performActs(core: Core, accountId: string): Promise<void> {
  const turns = new Turns(AT_ONCE);
  const failed = new Map<number, unknown>();
  for (let more = true; more; ) {
    const acts = await readOutstanding(core.pool, accountId, STRIDE, [...failed.keys()]);
    await Promise.all(
      byWallet(acts).map(([creditTypeId, ofWallet]) =>
        turns.take(async () => {
          try {
            for (const act of ofWallet) await performAct(core, act);
          } catch (error) {
            failed.set(creditTypeId, error);
          }
        }),
      ),
    );
    more = acts.length === STRIDE;
  }
  const [failure] = failed.values();
  if (failed.size > 0) throw failure;
}

/** The acts of an account, in order, by the wallet that they are done to. */
function byWallet(acts: readonly PlanAct[]): readonly (readonly [creditTypeId: number, acts: readonly PlanAct[]])[] {
  const found = new Map<number, PlanAct[]>();
  for (const one of acts) {
    const { creditTypeId } = one.act;
    const before = found.get(creditTypeId);
    if (before) before.push(one);
    else found.set(creditTypeId, [one]);
  }
  return [...found];
}

/** After an order: what cannot be done to the wallets now, the sweeper does later. The order stands. */
export async function performFor(core: Core, answer: SubscriptionAnswer): Promise<void> {
  if (answer.status !== "done" && answer.status !== "refused" && answer.status !== "subscribed") return;
  await performOrLeave(core, answer.key.accountId);
}

/** As `performActs`; a failure is told to the operator, and left to the next attempt. Answers whether all is done. */
export async function performOrLeave(core: Core, accountId: string): Promise<boolean> {
  try {
    await performActs(core, accountId);
    return true;
  } catch (error) {
    core.metrics.count("subscription_acts_failed");
    core.log.error({ err: error, accountId }, "what a subscription does to a wallet failed and is tried again");
    return false;
  }
}

/** What an act did to its wallet. */
type Done = Omit<Performed, "owing">;

const NOTHING: Done = { outcome: "NOTHING", sequence: null, grant: null, amount: 0n };

async function performAct(core: Core, planAct: PlanAct): Promise<void> {
  const { act } = planAct;
  const performed = await (act.act === "grant" && act.line !== null
    ? give(core, planAct, act, act.line)
    : carryOut(core, planAct));
  await markPerformed(core.pool, planAct, core.clock.now(), performed);
  core.metrics.count("subscription_acts");
}

/** Gives what is left of an allotment when what is owed has been taken off. */
async function give(core: Core, planAct: PlanAct, act: Extract<Act, { act: "grant" }>, line: number): Promise<Performed> {
  const owed = await owedBefore(core, planAct);
  const { effectiveAt, amount: whole } = act.terms;
  const { amount, owing } = lessen(owed, line, effectiveAt, whole);
  const terms = { ...act.terms, amount };
  const done = amount === 0n ? NOTHING : await submitAct(core, { ...planAct, act: { ...act, terms } }, null);
  return { ...done, owing: amount === whole ? null : owing };
}

async function owedBefore({ pool }: Core, { key, number, act: { creditTypeId } }: PlanAct): Promise<Owing> {
  const [owed] = await readOwings(pool, [{ key, creditTypeId, before: number }]);
  return owed ?? OWING_NOTHING;
}

/** Does what needs no reckoning before it; what could not be withdrawn of a grant that ends early is owed after it. */
async function carryOut(core: Core, planAct: PlanAct): Promise<Performed> {
  const { key, act } = planAct;
  const grant = await grantOf(core, key.accountId, act);
  const done = grant === "none" ? NOTHING : await submitAct(core, planAct, grant);
  const early = act.act === "void" || act.act === "keep" ? act.early : null;
  if (early === null) return { ...done, owing: null };
  const owed = await owedBefore(core, planAct);
  const owing = afterEnd(owed, early, done.amount ?? 0n);
  return { ...done, owing: owed.overspent.length + owing.overspent.length > 0 ? owing : null };
}

/** The grant that an act is done to; null: it is done to none. "none": it was never made, for its time was over. */
async function grantOf(core: Core, accountId: string, act: Act): Promise<number | "none" | null> {
  if (act.act === "grant" || act.act === "overdraft") return null;
  const [number] = await readGrantNumbers(core.pool, [{ accountId, grantKey: act.grant }]);
  return number ?? "none";
}

async function submitAct(core: Core, planAct: PlanAct, grant: number | null): Promise<Done> {
  const { key, plan, act } = planAct;
  const walletKey: WalletKey = { accountId: key.accountId, creditTypeId: act.creditTypeId };
  const command = commandOf(act, grant, planActor(plan));
  let answer = await submit(core, walletKey, command);
  if (answer.status === "absent") {
    await openWallet(core, walletKey.accountId, walletKey.creditTypeId, { actor: planActor(plan), reason: null });
    answer = await submit(core, walletKey, command);
  }
  if (answer.status === "refused" && answer.refusal.code === "EXPIRES_IN_PAST") {
    const remains = await remainsOfAct(core, planAct);
    if (remains) return submitAct(core, { ...planAct, act: remains }, null);
  }
  if (answer.status === "refused" && IS_NOTHING.has(answer.refusal.code)) return { ...NOTHING, grant };
  if (answer.status !== "done")
    throw new NotPerformed(planAct, answer.status === "refused" ? answer.refusal.code : answer.status);
  const { sequence, entries } = answer.transaction;
  const made = act.act === "grant" ? entries.find(({ from }) => from === "ISSUED") : null;
  assert(made !== undefined, "a grant is issued");
  return { outcome: "DONE", sequence, grant: made?.grant ?? grant, amount: movedBy(act, grant, entries) };
}

/** The credits that it gave or withdrew; null: it was about a limit. */
function movedBy(act: Act, grant: number | null, entries: Transaction["entries"]): Amount | null {
  if (act.act === "overdraft") return null;
  if (act.act === "grant") return act.terms.amount;
  return entries.reduce((sum, { grant: of, to, amount }) => (of === grant && to === "VOIDED" ? sum + amount : sum), 0n);
}

/**
 * What an allotment has left behind that was decided in time, and is over before it came to the wallet; null: nothing. It stands for the
 * grant from then on: what is to be done to that is done to it.
 */
async function remainsOfAct({ pool }: Core, { key: { accountId }, act }: PlanAct): Promise<Act | null> {
  if (act.act !== "grant" || act.terms.rollover === null || act.terms.expiresAt === null) return null;
  const timeZone = await inTransaction(pool, "snapshot", (database) => readTimeZone(database, accountId));
  assert(timeZone !== null, "whose subscription it is, is there");
  const { expiresAt } = act.terms;
  // Whether that is over, too, the wallet says.
  const terms = remainsOf({ ...act.terms, expiresAt }, null, expiresAt, timeZone);
  return terms && { ...act, idempotencyKey: `${act.idempotencyKey}/remains`, terms };
}

/** The grant's time is over, or nothing is left of it: then nothing is left to be done. */
const IS_NOTHING: ReadonlySet<string> = new Set(["EXPIRES_IN_PAST", "GRANT_NOT_ELIGIBLE"]);

/** A wallet did not take what a plan has promised. */
class NotPerformed extends Error {
  override readonly name = "NotPerformed";

  constructor({ act }: PlanAct, why: string) {
    super(`${act.idempotencyKey} was not performed: ${why}`);
  }
}

/** The same whenever it is made of the same act: commands with a key that was used are compared with the first. */
function commandOf(act: Act, grant: number | null, actor: string): Command {
  const keyed = {
    actor,
    boundTo: null,
    description: null,
    metadata: null,
    idempotencyKey: `${RESERVED_KEYS}${act.idempotencyKey}`,
  };
  switch (act.act) {
    case "grant":
      return { ...keyed, type: "grant", terms: act.terms, defaultLife: null };
    case "overdraft":
      return { ...keyed, type: "overdraft", limit: act.limit, costBasis: null };
    case "void":
      assert(grant !== null, "what is withdrawn is a grant");
      return { ...keyed, type: "void", grant };
    case "keep":
      assert(grant !== null, "what is kept is of a grant");
      return { ...keyed, type: "withdraw", grant, amount: act.withdraw };
  }
}
