import { createHmac, timingSafeEqual } from "node:crypto";
import type { AsOf, PriceQuestion } from "../core/priced";
import type { Instant } from "../core/time";

/**
 * Binding quotes. A quote carries its own terms with a signature, so that giving one writes nothing and keeping it reads nothing: what
 * applied at an instant can be found again for ever.
 */

/** What was promised to whom: the prices of an instant, until another. */
export interface Promised extends AsOf {
  readonly until: Instant;
}

/** What a quote is for: it holds for nothing else. */
type Subject = Pick<PriceQuestion, "accountId" | "creditTypeId" | "app" | "operation">;

const PREFIX = "quote_";
/** The plan is left out where no plan's prices apply: so it was before plans had any. */
const SHAPE = /^quote_([0-9]{1,18})_([0-9]{1,9})_([0-9]{1,18})(?:_([0-9]{1,9}))?_[A-Za-z0-9_-]{43}$/;

export function writeQuote(secret: Uint8Array, subject: Subject, promised: Promised): string {
  const { at, revision, until, plan } = promised;
  const terms = [at, revision, until, ...(plan === null ? [] : [plan])].join("_");
  return `${PREFIX}${terms}_${signature(secret, subject, promised).toString("base64url")}`;
}

/** Null: it was not given out so, or for something else. */
export function readQuote(secret: Uint8Array, subject: Subject, quote: string): Promised | null {
  const [matched, at = "", revision = "", until = "", plan] = SHAPE.exec(quote) ?? [];
  if (matched === undefined) return null;
  const promised = {
    at: BigInt(at),
    revision: Number(revision),
    until: BigInt(until),
    plan: plan === undefined ? null : Number(plan),
  };
  const expected = Buffer.from(writeQuote(secret, subject, promised));
  // In its one form, to the letter.
  const given = Buffer.from(quote);
  return given.length === expected.length && timingSafeEqual(given, expected) ? promised : null;
}

function signature(secret: Uint8Array, subject: Subject, { at, revision, until, plan }: Promised): Buffer {
  const { accountId, creditTypeId, app, operation } = subject;
  const terms = [String(at), revision, String(until), ...(plan === null ? [] : [plan])];
  const text = JSON.stringify([accountId, creditTypeId, app, operation, ...terms]);
  return createHmac("sha256", secret).update(text).digest();
}
