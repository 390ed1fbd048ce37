/** A whole text message, not masked, as RFC 6455 has it of a server. */
const WHOLE_TEXT = 0x81;
/** Bytes that are told by the second byte itself, and by the two behind it. */
const SHORT = 125;
const MEDIUM = 65_535;

/** One message of these texts in UTF-8, as it goes over the network: one piece of memory, and so one write. */
export function textFrame(...parts: readonly Buffer[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const start = length <= SHORT ? 2 : length <= MEDIUM ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = WHOLE_TEXT;
  if (length <= SHORT) frame[1] = length;
  else if (length <= MEDIUM) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  let at = start;
  for (const part of parts) at += part.copy(frame, at);
  return frame;
}
