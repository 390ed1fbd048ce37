import type { Instant } from "../../core/time";
import { numberedId, parseNumberedId } from "../ids";
import type { Alert, WalletKey } from "../model/types";

/** An alert with what places it in the log of all alerts, and when it was written. */
export interface PlacedAlert extends Alert {
  readonly key: WalletKey;
  /** The database transaction that wrote it. */
  readonly writtenBy: bigint;
  readonly recordedAt: Instant;
}

/** A place in the log of all alerts: right behind this one. */
export interface AlertPlace {
  readonly key: WalletKey;
  readonly number: number;
  readonly writtenBy: bigint;
}

export function placeOf({ key, number, writtenBy }: PlacedAlert): AlertPlace {
  return { key, number, writtenBy };
}

/** A place as a text, opaque to clients: they hand it back to read on from there. */
export function formatAlertCursor({ key, number, writtenBy }: AlertPlace): string {
  return `${numberedId("alert", key, number)}.${writtenBy}`;
}

/** Reads what `formatAlertCursor` wrote; null for any other text. */
export function parseAlertCursor(text: string): AlertPlace | null {
  const [id = "", writtenBy = "", ...rest] = text.length <= 120 ? text.split(".") : [];
  const named = parseNumberedId("alert", id);
  // Eighteen digits fit the database's bigint, whatever they are.
  if (named === null || rest.length > 0 || !/^[1-9]\d{0,17}$/.test(writtenBy)) return null;
  return { ...named, writtenBy: BigInt(writtenBy) };
}
