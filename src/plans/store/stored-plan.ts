import { formatAmount, parseAmount } from "../../core/amount";
import { assert } from "../../core/assert";
import type { Money } from "../../core/currency";
import type { Json } from "../../core/json";
import type { Allotment, OverdraftLimit } from "../model/types";
import type { PlanTerms } from "../plan";

/** What a plan version promises, as it is stored: amounts as decimal text, credit types by number. */

interface StoredAllotment extends Omit<Allotment, "amount" | "life" | "rollover"> {
  readonly amount: string;
  /** Absent from what was stored before there were lives: then it is null. */
  readonly life?: Allotment["life"];
  readonly rollover: (Omit<NonNullable<Allotment["rollover"]>, "maximum"> & { readonly maximum: string | null }) | null;
}

interface StoredOverdraft extends Omit<OverdraftLimit, "limit"> {
  readonly limit: string;
}

interface StoredContent extends Omit<PlanTerms, "allotments" | "overdrafts"> {
  readonly title: string;
  readonly description: string | null;
  readonly price: Money | null;
  readonly allotments: readonly StoredAllotment[];
  readonly overdrafts: readonly StoredOverdraft[];
}

export interface PlanContent {
  readonly title: string;
  readonly description: string | null;
  readonly terms: PlanTerms;
}

export function storeContent({ title, description, terms }: PlanContent): string {
  const { price, billing, trial, allotments, overdrafts, packs } = terms;
  const content: StoredContent = {
    ...{ title, description, price, billing, trial, packs },
    allotments: allotments.map(({ amount, rollover, ...rest }) => ({
      ...rest,
      amount: formatAmount(amount),
      rollover: rollover && { ...rollover, maximum: rollover.maximum === null ? null : formatAmount(rollover.maximum) },
    })),
    overdrafts: overdrafts.map(({ creditTypeId, limit }) => ({ creditTypeId, limit: formatAmount(limit) })),
  };
  return JSON.stringify(content);
}

/** Reads what `storeContent` wrote. */
export function restoreContent(stored: Json): PlanContent {
  const { title, description, allotments, overdrafts, ...rest } = stored as unknown as StoredContent;
  const terms: PlanTerms = {
    ...rest,
    allotments: allotments.map(({ amount, life = null, rollover, ...allotment }) => ({
      ...allotment,
      life,
      amount: restoreAmount(amount),
      rollover: rollover && { ...rollover, maximum: rollover.maximum === null ? null : restoreAmount(rollover.maximum) },
    })),
    overdrafts: overdrafts.map(({ creditTypeId, limit }) => ({ creditTypeId, limit: restoreAmount(limit) })),
  };
  return { title, description, terms };
}

/** Reads what `formatAmount` wrote. */
export function restoreAmount(text: string): bigint {
  const parsed = parseAmount(text);
  assert(parsed.ok, `${text} was stored as an amount`);
  return parsed.amount;
}
