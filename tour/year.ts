import { addPeriods, formatInstant, parseInstant } from "../src/core/time";
import type { Customer, Shown } from "./account";
import { of } from "./stage";

/** A year of a plan, in less than a minute. */

export interface Month {
  /** At the very instant at which the month begins, before anything is done. */
  readonly begins: Shown;
  readonly used: string;
}

/** From the end of a billing period on, so many months: how each begins, and what was used in it. */
export async function months(customer: Customer, first: number, count: number): Promise<readonly Month[]> {
  const { stage } = customer;
  stage.tell(`\n${count} months go by.`);
  const start = parseInstant(stage.begins) as bigint;
  const all: Month[] = [];
  for (let month = first; month < first + count; month++) {
    const at = formatInstant(addPeriods(start, "P1M", month, "UTC"));
    await customer.until(at);
    const begins = await customer.balance();
    const { transaction } = await customer.use("image.detailed", of("images", 1 + (month % 3)));
    all.push({ begins, used: transaction?.amount ?? "0" });
    stage.tell(`    ${at.slice(0, 10)}: ${begins.balance.available} available (${stack(begins)}), ${all.at(-1)?.used} used`);
  }
  return all;
}

function stack({ grants }: Shown): string {
  return grants.edges.map(({ node }) => `${node.available} ${node.kind}`).join(", ");
}
