import { randomFillSync } from "node:crypto";
import type { Instant } from "../core/time";

const MICROS_PER_MILLI = 1000n;

/**
 * A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random; with dashes, lower case. Ids made later sort later, so that new
 * rows go to the end of an index. `now`: the clock's.
 */
export function uuidv7(now: Instant): string {
  const bytes = randomFillSync(Buffer.alloc(16));
  bytes.writeUIntBE(Number(now / MICROS_PER_MILLI), 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
