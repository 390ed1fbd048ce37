import { hash as digest } from "node:crypto";
import type { Balance, Entry, Grant, Json, Transaction } from "./types";

/** Everything of a transaction that its hash covers. */
export type HashedContent = Omit<Transaction, "hash">;

/**
 * The link of a wallet's hash chain: SHA-256 over the hash before, the transaction's content with its entries, and the terms of the
 * grants that it made. Whoever changes any of these afterwards breaks every later link.
 */
export function transactionHash(content: HashedContent, born: readonly Grant[]): Uint8Array {
  const { previousHash } = content;
  const terms = born.map(({ pots: _pots, voidedAt: _voidedAt, repaid: _repaid, ...given }) => given);
  // As `canonical` has it: "grants" comes before "transaction".
  const text = `{"grants":${canonical(terms)},"transaction":${transactionText(content)}}`;
  const bytes = Buffer.allocUnsafe(previousHash.length + Buffer.byteLength(text));
  bytes.set(previousHash);
  bytes.write(text, previousHash.length);
  return digest("sha256", bytes, "buffer");
}

// Used for every value: names of the module's own are found sooner than global ones.
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { keys } = Object;
const { stringify } = JSON;

type Encodable = Json | bigint | Uint8Array | undefined | readonly Encodable[] | { readonly [key: string]: Encodable };

/** JSON with sorted keys, bigints as strings and bytes in hexadecimal: one text for one value, whatever order it was built or stored in. */
export function canonical(value: unknown): string {
  return encode(value as Encodable);
}

function encode(value: Encodable): string {
  if (typeof value === "bigint") return `"${value}"`;
  if (value === null || typeof value !== "object") return value === undefined ? "null" : stringify(value);
  if (isView(value)) return `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}"`;
  let text = "";
  if (isArray(value)) {
    for (const one of value) text += text === "" ? encode(one) : `,${encode(one)}`;
    return `[${text}]`;
  }
  const object = value as { readonly [key: string]: Encodable };
  for (const field of keys(object).sort()) text += `${text === "" ? "" : ","}${quoted(field)}:${encode(object[field])}`;
  return `{${text}}`;
}

/** As JSON has it. Most names need no escapes, and this is done some hundred times for every transaction. */
function quoted(name: string): string {
  return /^\w+$/.test(name) ? `"${name}"` : stringify(name);
}

function listWriter<T>(write: (one: T) => string): (list: readonly T[]) => string {
  return (list) => {
    let text = "";
    for (const one of list) text += text === "" ? write(one) : `,${write(one)}`;
    return `[${text}]`;
  };
}

const whole = (value: bigint): string => `"${value}"`;
const text = (value: string | null): string => (value === null ? "null" : stringify(value));

const amounts = listWriter(whole);

// What follows is what `canonical` says, field by field, in the order of the names.

function balanceText({ available, byKind, debt, held, overdraft, pending }: Balance): string {
  return `{"available":"${available}","byKind":${amounts(byKind)},"debt":"${debt}","held":"${held}","overdraft":"${overdraft}","pending":"${pending}"}`;
}

const entriesText = listWriter(
  ({ amount, before, from, grant, to }: Entry) =>
    `{"amount":"${amount}","before":${before},"from":"${from}","grant":${grant},"to":"${to}"}`,
);

/** Left out where the amount was named: so it was before there were prices. The plan where no plan's prices applied, likewise. */
function pricedText(priced: Transaction["priced"]): string {
  if (priced === null) return "";
  const { at, plan, revision, version } = priced;
  return `"priced":{"at":"${at}",${plan === null ? "" : `"plan":${plan},`}"revision":${revision},"version":${version}},`;
}

/** Left out where no member is named: so it was before there were members. */
function memberText(member: number | null): string {
  return member === null ? "" : `"member":${member},`;
}

function transactionText(content: Omit<HashedContent, "previousHash">): string {
  const { actor, amount, app, balance, counterpart, description, effectiveAt, entries, fingerprint, idempotencyKey } = content;
  const { member, metadata, occurredAt, operation, policy, priced, quantity, recordedAt, relatesTo, sequence, type } = content;
  return (
    `{"actor":${stringify(actor)},"amount":"${amount}","app":${text(app)},"balance":${balanceText(balance)},` +
    `"counterpart":${canonical(counterpart)},"description":${text(description)},"effectiveAt":"${effectiveAt}",` +
    `"entries":${entriesText(entries)},"fingerprint":${canonical(fingerprint)},"idempotencyKey":${text(idempotencyKey)},` +
    `${memberText(member)}"metadata":${canonical(metadata)},"occurredAt":${canonical(occurredAt)},"operation":${text(operation)},"policy":${policy},` +
    `${pricedText(priced)}"quantity":${text(quantity)},"recordedAt":"${recordedAt}","relatesTo":${relatesTo},"sequence":${sequence},"type":"${type}"}`
  );
}
