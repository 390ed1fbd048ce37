import { destination, pino, stdTimeFunctions } from "pino";
import type { Logger } from "./context";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface LogOptions {
  readonly level: LogLevel;
  /** Takes each line, with its end; without it the standard output does. */
  readonly write?: (line: string) => void;
}

const REDACTED = "[redacted]";

/**
 * What must never be read in a log, wherever it stands in a line: in a field, in a message, in the text of an error. Applied to the
 * finished line, so that nothing depends on who logs what under which name.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // The values of fields by these names, at any depth.
  [
    /"((?:\w*(?:authorization|password|secret|token|apikey|adminkey|servicekey|cookie))|key)":\s*"(?:[^"\\]|\\.)*"/gi,
    `"$1":"${REDACTED}"`,
  ],
  // Credentials as they are sent.
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{12,}/gi, `$1 ${REDACTED}`],
  // API keys: the prefix tells which one it was.
  [/\b(trk_[a-z]_[a-z0-9]+)_[a-z0-9]+/g, `$1_${REDACTED}`],
  // JSON Web Tokens.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, REDACTED],
  // The user and password of a URL.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/"@]*@/gi, `$1${REDACTED}@`],
];

/** A line of the log without secrets. */
export function redact(line: string): string {
  return SECRETS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}

/** A structured log: one JSON object a line, times in ISO 8601, without keys and tokens. */
export function createLogger({ level, write }: LogOptions): Logger {
  const output = write ?? standardOutput();
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => output(redact(line)) },
  );
}

/** At once: what was logged just before the process ends is what one wants to read. */
function standardOutput(): (line: string) => void {
  const stream = destination({ dest: 1, sync: true });
  return (line) => void stream.write(line);
}
