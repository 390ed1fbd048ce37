import { createHmac, randomBytes } from "node:crypto";
import { formatId, parseId } from "../core/ids";
import type { Instant } from "../core/time";

export const KEY_ROLES = ["ADMIN", "SERVICE"] as const;
/** Who may ask with a key. */
export type KeyRole = (typeof KEY_ROLES)[number];

/** What is kept of an API key, beside its hash: never the key. */
export interface ApiKey {
  /** A UUID of version 7. */
  readonly id: string;
  /** How the key begins: enough to tell keys apart, nothing that helps to guess the rest. */
  readonly prefix: string;
  readonly role: KeyRole;
  /** A SERVICE key may be bound to one app. */
  readonly app: string | null;
  readonly name: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
}

const LETTERS: Record<KeyRole, string> = { ADMIN: "a", SERVICE: "s" };
/** 32 characters, so that 5 bits of a random byte choose one evenly; without those that are read for others. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
const PREFIX_LENGTH = 8;
/** 52 × 5 = 260 bits: as many as the hash can tell apart. */
const SECRET_LENGTH = 52;
const SHAPE = new RegExp(`^trk_[as]_[${ALPHABET}]{${PREFIX_LENGTH}}_[${ALPHABET}]{${SECRET_LENGTH}}$`);

/** A new key: `trk_<a or s>_<prefix>_<secret>`. Whoever has it, has the role: show it once, keep only `hashKey` of it. */
export function mintKey(role: KeyRole): string {
  return `trk_${LETTERS[role]}_${randomText(PREFIX_LENGTH)}_${randomText(SECRET_LENGTH)}`;
}

/** True for what looks like a key of ours; it need not be one. */
export function isKey(text: string): boolean {
  return SHAPE.test(text);
}

/** How a key begins, up to its secret. */
export function prefixOf(key: string): string {
  return key.slice(0, key.lastIndexOf("_"));
}

/**
 * HMAC-SHA256 of a key: what it is stored and looked up by. Without the server's secret nobody can say which keys hash near each
 * other, so that the time that a look-up takes tells nothing about the keys there are; and a stolen table is of no use.
 */
export function hashKey(secret: Uint8Array, key: string): Buffer {
  return createHmac("sha256", secret).update(key).digest();
}

/** True while a key is neither revoked nor expired; at `expiresAt` it is. */
export function isUsable(key: ApiKey, now: Instant): boolean {
  return key.revokedAt === null && (key.expiresAt === null || now < key.expiresAt);
}

/** How a key is called outside. */
export function apiKeyId(id: string): string {
  return formatId("apiKey", id);
}

/** The UUID in a key's id; null for any other text. */
export function parseApiKeyId(id: string): string | null {
  return parseId(id, "apiKey")?.uuid ?? null;
}

function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET.charAt(byte & 31)).join("");
}
