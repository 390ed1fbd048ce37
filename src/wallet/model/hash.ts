import { createHash } from "node:crypto";
import type { Grant, Json, Transaction } from "./types";

/** Everything of a transaction that its hash covers. */
export type HashedContent = Omit<Transaction, "hash">;

/**
 * The link of a wallet's hash chain: SHA-256 over the hash before, the transaction's content with its entries, and the terms of the
 * grants that it made. Whoever changes any of these afterwards breaks every later link.
 */
export function transactionHash(content: HashedContent, born: readonly Grant[]): Uint8Array {
  const { previousHash, ...rest } = content;
  const terms = born.map(({ pots: _pots, voidedAt: _voidedAt, repaid: _repaid, ...given }) => given);
  return createHash("sha256")
    .update(previousHash)
    .update(canonical({ transaction: rest, grants: terms }))
    .digest();
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
