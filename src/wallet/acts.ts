import { formatAmount } from "../core/amount";
import type { Json } from "../core/json";
import type { Instant } from "../core/time";
import type { Act, Operator } from "../platform/act";
import { numberedId } from "./ids";
import type { Command } from "./model/commands";
import type { Balance, Threshold, Transaction, WalletKey } from "./model/types";

/** What operators do in wallets, for the audit log. The transaction says all of it; the log says that it was an operator's act. */

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
  readonly key: WalletKey;
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
  const states = { before: balanceOf(before), after: balanceOf(transaction.balance) };
  return [{ at, actor: operator.actor, action, subject, accountId: key.accountId, ...states, reason: transaction.description }];
}

/** None or one. */
export function actOnThreshold({ key, task, operator }: Done, { number, amount }: Threshold, at: Instant): readonly Act[] {
  if (operator === null) return [];
  const subject = numberedId("threshold", key, number);
  const state = { amount: formatAmount(amount) };
  const set = task.type === "setThreshold";
  const [action, before, after] = set ? ["setAlertThreshold", null, state] : ["removeAlertThreshold", state, null];
  return [{ at, actor: operator.actor, action, subject, accountId: key.accountId, before, after, reason: operator.reason }];
}

function balanceOf({ available, held, pending, debt, overdraft }: Balance): Json {
  const amounts = { available, held, pending, debt, overdraft };
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, formatAmount(amount)]));
}
