import { badInput, type InputPath } from "./errors";

/** How JSON can spell NUL, which PostgreSQL cannot store, and halves of surrogate pairs, which UTF-8 cannot say. */
const ESCAPED = /\\u(?:0000|[dD][89a-fA-F])/;

/** Text that can be stored, of so many characters (Unicode code points). Throws BAD_USER_INPUT otherwise. */
export function checkText(
  value: string,
  limits: { readonly least?: number; readonly most: number },
  inputPath: InputPath,
): string {
  const { least = 0, most } = limits;
  if (!hasAsMany(value, least, most)) throw badInput(`must have ${least} to ${most} characters`, inputPath);
  if (!isStorable(value)) throw unstorable(inputPath);
  return value;
}

/** As `checkText`, for what people are to read: not only white space. */
export function checkTitle(value: string, limits: Parameters<typeof checkText>[1], inputPath: InputPath): string {
  if (value !== "" && value.trim() === "") throw badInput("must not be only white space", inputPath);
  return checkText(value, limits, inputPath);
}

/** A code point is one or two units. Counting takes a copy, 2 µs for a short key: only where the units leave it open. */
function hasAsMany(text: string, least: number, most: number): boolean {
  const units = text.length;
  if (units < least || units > most * 2) return false;
  if (units >= least * 2 - 1 && units <= most) return true;
  const { length } = Array.from(text);
  return length >= least && length <= most;
}

/** False for text with NUL or with half of a surrogate pair. Quicker than an expression: a text of one byte a character has no pairs. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Whether JSON, as it came over the wire, may say something that is not storable; false is certain. Quick: most requests end here. */
export function mayBeUnstorable(json: string): boolean {
  return (json.includes("\\u") && ESCAPED.test(json)) || !isStorable(json);
}

/** Throws BAD_USER_INPUT when a text anywhere in the value, or a key, is not storable. The value comes from JSON, however deep. */
export function checkStorable(value: unknown, inputPath: InputPath): void {
  const waiting: { readonly value: unknown; readonly path: InputPath }[] = [{ value, path: inputPath }];
  // A list of what is left, not recursion: JSON may be nested deeper than the stack is.
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path } = next;
    if (typeof next.value === "string" && !isStorable(next.value)) throw unstorable(path);
    if (typeof next.value !== "object" || next.value === null) continue;
    for (const [key, inner] of Object.entries(next.value)) {
      if (!isStorable(key)) throw unstorable(path);
      waiting.push({
        value: inner,
        path: path.length < LONGEST_PATH ? [...path, Array.isArray(next.value) ? Number(key) : key] : path,
      });
    }
  }
}

/** Paths are told so far: each is a copy of the one before, which would be quadratic in the depth. */
const LONGEST_PATH = 20;

function unstorable(inputPath: InputPath) {
  return badInput("must not contain the character NUL or half of a surrogate pair", inputPath);
}
