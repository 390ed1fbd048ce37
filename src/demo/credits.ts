import { type Amount, parseAmount } from "../core/amount";
import { assert } from "../core/assert";

/** Credits, as the demo writes them: "12.5". */
export function credits(text: string): Amount {
  const parsed = parseAmount(text);
  assert(parsed.ok, `${text} is an amount`);
  return parsed.amount;
}
