import { formatAmount } from "../core/amount";
import { readUse } from "../core/use-text";
import type { Core } from "../platform/context";
import { explainPrice, type PriceExplanation } from "./explain-price";
import { type PricedTransaction, pricedTransactions } from "./priced-transactions.reads";

/** A use that did not cost what its price list says. It carries the number of its invariant, as the wallet's findings do. */
export interface PriceFinding {
  readonly invariant: 8;
  readonly key: { readonly accountId: string; readonly creditTypeId: number };
  readonly message: string;
}

/** Reckons every priced use again, by the versions that applied to it; answers all that cost something else. */
export async function auditPrices(core: Pick<Core, "pool">): Promise<readonly PriceFinding[]> {
  const findings: PriceFinding[] = [];
  for await (const transactions of pricedTransactions(core.pool)) {
    for (const transaction of transactions) {
      const wrong = await judge(core, transaction);
      const key = { accountId: transaction.account_id, creditTypeId: transaction.credit_type_id };
      if (wrong !== null) findings.push({ invariant: 8, key, message: `transaction ${transaction.sequence} ${wrong}` });
    }
  }
  return findings;
}

/** What is wrong with it; null: nothing is. */
async function judge(core: Pick<Core, "pool">, transaction: PricedTransaction): Promise<string | null> {
  const { account_id: accountId, credit_type_id: creditTypeId, app, operation, price_version: named } = transaction;
  const asOf = { at: transaction.price_at, revision: transaction.price_revision, plan: transaction.price_plan };
  const use = { ...readUse(transaction.quantity), asOf, quote: null };
  const explained = await explainPrice(core, { accountId, creditTypeId, app, operation, ...use });
  if (!explained) return `names version ${named}, by which ${operation} has no price`;
  if (explained.version.id !== named) return `names version ${named}, and version ${explained.version.id} applied`;
  return judgeAmount(transaction, explained);
}

/** A spend may take a part, and a hold sets aside the most: never more than that. What is captured costs what it came to. */
function judgeAmount({ type, amount }: PricedTransaction, { charge, maximum }: PriceExplanation): string | null {
  const price = type === "HOLD" ? maximum : (charge?.amount ?? null);
  if (price === null) return "has a price that cannot be reckoned";
  const right = type === "CAPTURE" ? amount === price : amount <= price;
  return right ? null : `took ${formatAmount(amount)} credits, and the price is ${formatAmount(price)}`;
}
