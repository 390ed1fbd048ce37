import type { Json } from "../core/json";
import { formatInstant, type Instant } from "../core/time";
import type { Statement, Transaction } from "./transaction";

/** Who does it, and why. */
export interface Operator {
  readonly actor: string;
  readonly reason: string | null;
}

/** What an operator did, for the audit log: written in the transaction that did it, so that neither is there without the other. */
export interface Act extends Operator {
  readonly at: Instant;
  /** The mutation by which it was done. */
  readonly action: string;
  /** The id of what it was done to, as the API shows it. */
  readonly subject: string;
  /** The account that it concerns, by UUID; null: none in particular. */
  readonly accountId: string | null;
  /** What of it was so, and is so now; null: it was not there before. */
  readonly before: Json | null;
  readonly after: Json | null;
}

const RECORD: Statement = {
  name: "audit_log.record",
  text: `
    INSERT INTO audit_log (at, actor, action, subject, account_id, before, after, reason)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
};

/** Writes an act along with what the transaction does. */
export function recordAct(database: Transaction, act: Act): void {
  const { at, actor, action, subject, accountId, before, after, reason } = act;
  database.send(RECORD, [formatInstant(at), actor, action, subject, accountId, textOf(before), textOf(after), reason]);
}

function textOf(value: Json | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
