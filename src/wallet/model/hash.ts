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
  if (isView(value)) return `"${Buffer.from(value).toString("hex")}"`;
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

/** How each field of a record is written. */
type Writers<Record> = { readonly [Field in keyof Record]-?: (value: Record[Field]) => string };

/** `canonical` for records that always have the same fields: which these are, and in what order, is found out once and not for each. */
function recordWriter<Record>(writers: Writers<Record>): (record: Record) => string {
  const fields = (keys(writers) as (keyof Record & string)[]).sort();
  const parts = fields.map((field, index) => ({
    field,
    write: writers[field],
    name: `${index === 0 ? "" : ","}${quoted(field)}:`,
  }));
  return (record) => {
    let text = "{";
    for (const { field, write, name } of parts) text += name + write(record[field]);
    return `${text}}`;
  };
}

function listWriter<T>(write: (one: T) => string): (list: readonly T[]) => string {
  return (list) => {
    let text = "";
    for (const one of list) text += text === "" ? write(one) : `,${write(one)}`;
    return `[${text}]`;
  };
}

/** Amounts and instants. */
const whole = (value: bigint): string => `"${value}"`;
/** The names of kinds, types and pots need no escapes. */
const name = (value: string): string => `"${value}"`;
const text = (value: string | null): string => (value === null ? "null" : stringify(value));
const count = (value: number | null): string => String(value);

const balanceText = recordWriter<Balance>({
  available: whole,
  held: whole,
  pending: whole,
  debt: whole,
  overdraft: whole,
  byKind: listWriter(whole),
});

const entryText = recordWriter<Entry>({ grant: count, from: name, to: name, amount: whole, before: count });

const transactionText = recordWriter<Omit<HashedContent, "previousHash">>({
  sequence: count,
  type: name,
  amount: whole,
  balance: balanceText,
  entries: listWriter(entryText),
  operation: text,
  quantity: text,
  app: text,
  actor: text,
  description: text,
  metadata: canonical,
  idempotencyKey: text,
  fingerprint: canonical,
  relatesTo: count,
  counterpart: canonical,
  policy: count,
  effectiveAt: whole,
  recordedAt: whole,
  occurredAt: canonical,
});
