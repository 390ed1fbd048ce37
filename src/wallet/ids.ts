import { fits, formatId, type IdKind, parseId } from "../core/ids";
import type { WalletKey } from "./model/types";

/** How what belongs to a wallet is called outside: see `core/ids.ts`. */

export function walletId({ accountId, creditTypeId }: WalletKey): string {
  return formatId("wallet", accountId, creditTypeId);
}

type NumberedKind = "grant" | "transaction" | "hold" | "threshold" | "alert";

/** The id of something that is numbered within a wallet. */
export function numberedId(kind: NumberedKind, { accountId, creditTypeId }: WalletKey, number: number): string {
  return formatId(kind, accountId, creditTypeId, number);
}

/** `position` is 1.. within the transaction. */
export function entryId({ accountId, creditTypeId }: WalletKey, sequence: number, position: number): string {
  return formatId("entry", accountId, creditTypeId, sequence, position);
}

export function creditTypeIdOf(number: number): string {
  return formatId("creditType", null, number);
}

/** Something in a wallet, named by its number there. */
export interface Numbered {
  readonly key: WalletKey;
  readonly number: number;
}

/** The wallet that an id names; null for what is no wallet's id. */
export function parseWalletId(id: string): WalletKey | null {
  const parsed = parseId(id, "wallet");
  if (parsed?.uuid == null) return null;
  const [creditTypeId = 0] = parsed.numbers;
  return fits(creditTypeId) ? { accountId: parsed.uuid, creditTypeId } : null;
}

/** What an id of this kind names; null for any other text. */
export function parseNumberedId(kind: NumberedKind, id: string): Numbered | null {
  const parsed = parseId(id, kind);
  if (parsed?.uuid == null) return null;
  const [creditTypeId = 0, number = 0] = parsed.numbers;
  if (!fits(creditTypeId) || (!numbersSequences(kind) && !fits(number))) return null;
  return { key: { accountId: parsed.uuid, creditTypeId }, number };
}

/** Whether these are numbered by the sequence of a transaction (a bigint in the database); others are counted (an integer). */
export function numbersSequences(kind: IdKind): boolean {
  return kind === "transaction" || kind === "entry" || kind === "hold";
}
