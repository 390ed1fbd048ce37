import { assert } from "../../core/assert";
import { sameBytes } from "../../core/bytes";
import type { AsOf } from "../../core/priced";
import type { Command, Pricing } from "./commands";
import { canonical } from "./hash";
import type { WalletKey } from "./types";

const USE = ["wallet", "amount", "operation", "quantity", "app", "description", "metadata", "occurredAt", "allowPartial"];
const NOTE = ["description", "metadata"];
const TERMS = [
  "kind",
  "amount",
  "priority",
  "effectiveAt",
  "expiresAt",
  "scope",
  "costBasis",
  "rollover",
  "repaysDebt",
  "source",
];

/** What is said of a use by a member of a team: at the end, and not at all without one, as it was before there were any. */
const MEMBER = "member";

/**
 * The fields that make two commands the same, in the order in which the fingerprint holds them. Append only, the commands as well as
 * their fields: fingerprints are kept for ever.
 */
const FIELDS: { readonly [Type in Command["type"]]: readonly string[] } = {
  grant: ["wallet", ...TERMS, ...NOTE],
  spend: USE,
  hold: [...USE, "expires"],
  capture: ["wallet", "hold", "amount", "allowExcess", "final", ...NOTE],
  extend: ["wallet", "hold", "expires", ...NOTE],
  release: ["wallet", "hold", ...NOTE],
  refund: ["wallet", "spend", "amount", ...NOTE],
  void: ["wallet", "grant", ...NOTE],
  adjust: ["wallet", "amount", ...NOTE],
  overdraft: ["wallet", "limit", "costBasis", ...NOTE],
  transfer: ["wallet", "to", "amount", ...NOTE],
  withdraw: ["wallet", "grant", "amount", ...NOTE],
};
const KINDS = Object.keys(FIELDS) as Command["type"][];
const BYTES_PER_FIELD = 4;

// Used for every character: a name of the module's own is found sooner than a global one's.
const { imul } = Math;

/**
 * What a command asked, short enough to keep for ever beside its idempotency key: a byte for its kind, then 4 bytes of a hash for each
 * field. Who retries by mistake with other input differs in some field with all but 1 in 4 × 10⁹ certainty, and is told which.
 */
export function fingerprint(key: WalletKey, command: Command): Uint8Array {
  const fields = fieldsOf(command);
  const bytes = new DataView(new ArrayBuffer(1 + fields.length * BYTES_PER_FIELD));
  bytes.setUint8(0, KINDS.indexOf(command.type));
  fields.forEach((field, index) => {
    const text = field === "wallet" ? walletText(key) : canonical(valueIn(command, field));
    bytes.setUint32(1 + index * BYTES_PER_FIELD, hash32(text));
  });
  return new Uint8Array(bytes.buffer);
}

function fieldsOf(command: Command): readonly string[] {
  const fields = FIELDS[command.type];
  return "member" in command && command.member !== null ? [...fields, MEMBER] : fields;
}

/** As `canonical` has it. */
function walletText({ accountId, creditTypeId }: WalletKey): string {
  return `{"accountId":"${accountId}","creditTypeId":${creditTypeId}}`;
}

function valueIn(command: Command, field: string): unknown {
  // What a priced use costs may have changed by the time that it is sent again: it is the same use.
  if (field === "amount" && "pricing" in command && command.pricing) return pricedAs(command, command.pricing);
  const holder = command.type === "grant" && !Object.hasOwn(command, field) ? command.terms : command;
  return (holder as unknown as Readonly<Record<string, unknown>>)[field];
}

function pricedAs({ type, quantity }: Extract<Command, { readonly pricing: Pricing | null }>, { use: { asOf, quote } }: Pricing) {
  const priced = ["priced", asOf && whenOf(asOf), quote];
  return type === "capture" ? [...priced, quantity] : priced;
}

/** The plan is left out where no plan's prices applied: so it was before plans had any. */
function whenOf({ at, revision, plan }: AsOf) {
  return plan === null ? { at, revision } : { at, revision, plan };
}

/** The first field in which the command of the first fingerprint differs from the second's; null: the same command. */
export function differingField(command: Command, first: Uint8Array, second: Uint8Array): string | null {
  if (sameBytes(first, second)) return null;
  if (first[0] !== second[0]) return "mutation";
  const longer = first.length < second.length ? second : first;
  const byte = longer.findIndex((_, index) => first[index] !== second[index]);
  const field = [...FIELDS[command.type], MEMBER][Math.floor((byte - 1) / BYTES_PER_FIELD)];
  assert(field, "a fingerprint has no bytes past its fields");
  return field;
}

/** FNV-1a over UTF-16 units with a final mix. It guards against mistakes, not against attack: whoever forges a key only misleads himself. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
