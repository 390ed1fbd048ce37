/**
 * Ids as the API shows them: a prefix, the account's UUIDv7 as 32 hexadecimal digits, and numbers within it, such as
 * `txn_019371a0b2c47d3e8f0a1b2c3d4e5f60_1_1042`. The account stands in every id of what belongs to it, so that a look-up by id
 * always names the account, the key by which data is spread. To clients an id is opaque.
 */
export const PREFIXES = {
  account: "acc",
  member: "mem",
  creditType: "ct",
  wallet: "wal",
  grant: "gr",
  transaction: "txn",
  entry: "ent",
  hold: "hold",
  threshold: "thr",
  alert: "alr",
  apiKey: "key",
  priceVersion: "prv",
  pack: "pack",
  packVersion: "pkv",
  auditEntry: "aud",
  plan: "plan",
  planVersion: "plv",
  planMigration: "plm",
  planSubscription: "sub",
  subscriptionCommand: "sbc",
  redenomination: "red",
} as const;
export type IdKind = keyof typeof PREFIXES;

export interface GlobalId {
  readonly kind: IdKind;
  /** With dashes, lower case; null for what belongs to no account (catalogues). */
  readonly uuid: string | null;
  readonly numbers: readonly number[];
}

/** How many numbers follow the UUID: credit type, then the number within the wallet, then the position within that. */
const NUMBERS: Record<IdKind, number> = {
  account: 0,
  member: 1,
  creditType: 1,
  wallet: 1,
  grant: 2,
  transaction: 2,
  entry: 3,
  hold: 2,
  threshold: 2,
  alert: 2,
  apiKey: 0,
  priceVersion: 1,
  pack: 1,
  packVersion: 1,
  auditEntry: 1,
  plan: 1,
  planVersion: 1,
  planMigration: 1,
  planSubscription: 1,
  subscriptionCommand: 2,
  redenomination: 2,
};

/** What belongs to no account is numbered by itself. */
const CATALOGUES: ReadonlySet<IdKind> = new Set<IdKind>([
  "creditType",
  "priceVersion",
  "pack",
  "packVersion",
  "auditEntry",
  "plan",
  "planVersion",
  "planMigration",
  "redenomination",
]);

const KIND_OF = new Map<string, IdKind>(Object.entries(PREFIXES).map(([kind, prefix]) => [prefix, kind as IdKind]));
const HEX = /^[0-9a-f]{32}$/;
const NUMBER = /^[1-9][0-9]{0,14}$/;

/** Past this no row can be numbered, but for transactions: such an id names nothing, and the database must not be asked for it. */
const LARGEST_INTEGER = 2 ** 31 - 1;

/** Whether a row may have this number. */
export function fits(number: number): boolean {
  return number <= LARGEST_INTEGER;
}

/** Writes an id. `uuid` with dashes (null for what is in a catalogue), `numbers` positive, as many as the kind has. */
export function formatId(kind: IdKind, uuid: string | null, ...numbers: readonly number[]): string {
  const parts = uuid === null ? [] : [uuid.replaceAll("-", "")];
  return [PREFIXES[kind], ...parts, ...numbers].join("_");
}

/** Reads an id in its one canonical form; null for anything else. When `kind` is given, an id of another kind is null too. */
export function parseId(text: string, kind?: IdKind): GlobalId | null {
  if (text.length > 100) return null;
  const [prefix = "", ...parts] = text.split("_");
  const found = KIND_OF.get(prefix);
  if (found === undefined || (kind !== undefined && kind !== found)) return null;
  const hex = CATALOGUES.has(found) ? null : parts.shift();
  if (hex === undefined || (hex !== null && !HEX.test(hex))) return null;
  if (parts.length !== NUMBERS[found] || !parts.every((part) => NUMBER.test(part))) return null;
  return { kind: found, uuid: hex === null ? null : withDashes(hex), numbers: parts.map((part) => Number(part)) };
}

function withDashes(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
