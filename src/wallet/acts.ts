import type { Amount } from "../core/amount";
import type { Json } from "../core/json";
import type { Instant } from "../core/time";
import { FIRST_UNIT, type Unit } from "../core/unit";
import type { Act, Operator } from "../platform/act";
import { numberedId } from "./ids";
import type { Command } from "./model/commands";
import type { Balance, Threshold, Transaction, WalletKey } from "./model/types";
import type { ShownKey } from "./units";

/**
 * What operators do in wallets, for the audit log. The transaction says all of it; the log says that it was an operator's act. Its amounts stay
 * in the unit that the operator gave them in, and name that by its number where it is not the first.
 */

/** The mutations that are an operator's own; using credits is none, with whatever key it is done. */
const MUTATIONS: ReadonlyMap<string, string> = new Map<Command["type"], string>([
  ["grant", "grantCredits"],
  ["void", "voidGrant"],
  ["withdraw", "voidGrant"],
  ["adjust", "adjustBalance"],
  ["overdraft", "setOverdraft"],
  ["transfer", "transferCredits"],
  ["refund", "refundSpend"],
]);

/** Something that was done in a wallet. `operator`: by whom; null: it is no operator's act. */
interface Done {
  readonly key: WalletKey & Partial<ShownKey>;
  readonly task: { readonly type: string };
  readonly operator: Operator | null;
}

/** None or one. */
export function actOfCommand(
  { key, task, operator }: Done,
  before: Balance,
  transaction: Transaction,
  at: Instant,
): readonly Act[] {
  const action = MUTATIONS.get(task.type);
  if (operator === null || action === undefined) return [];
  const subject = numberedId("transaction", key, transaction.sequence);
  const states = { before: balanceOf(before, key.unit), after: balanceOf(transaction.balance, key.unit) };
  return [{ at, actor: operator.actor, action, subject, accountId: key.accountId, ...states, reason: transaction.description }];
}

/** None or one. */
export function actOnThreshold({ key, task, operator }: Done, { number, amount }: Threshold, at: Instant): readonly Act[] {
  if (operator === null) return [];
  const subject = numberedId("threshold", key, number);
  const state = inUnit(key.unit, { amount });
  const set = task.type === "setThreshold";
  const [action, before, after] = set ? ["setAlertThreshold", null, state] : ["removeAlertThreshold", state, null];
  return [{ at, actor: operator.actor, action, subject, accountId: key.accountId, before, after, reason: operator.reason }];
}

function balanceOf({ available, held, pending, debt, overdraft }: Balance, unit: Unit | undefined): Json {
  return inUnit(unit, { available, held, pending, debt, overdraft });
}

function inUnit(unit: Unit = FIRST_UNIT, amounts: Readonly<Record<string, Amount>>): Json {
  const told = Object.entries(amounts).map(([name, amount]) => [name, unit.format(amount)]);
  return { ...Object.fromEntries(told), ...(unit.number > 0 ? { unit: unit.number } : {}) };
}
