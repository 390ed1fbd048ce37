import { formatInstant, type Instant } from "../../core/time";
import type { Statement } from "../../platform/transaction";

/** Statements that write rows: many at once, a column an array; or one, a column a value. Their texts are made here, from the columns. */

type Value = string | number | bigint | boolean | Uint8Array | null;

/** A column of the rows that are sent: its name, its type, and where its value comes from. */
export type Column<Row> = readonly [name: string, type: string, value: (row: Row) => Value];

/** How rows travel: the item of a FROM list that has them as `r`, with the parameters numbered from `first` on. */
export type Source = (columns: readonly Column<never>[], first: number) => string;

/** A statement over many rows. `write` gives its text for another source, or within a larger one. */
export interface SetStatement<Row> extends Statement {
  readonly columns: readonly Column<Row>[];
  readonly write: (first: number, source: Source) => string;
}

/** unnest flattens arrays of arrays, so a column of arrays travels as text. */
export const MANY: Source = (columns, first) => {
  const sent = columns.map(([, type], index) => `$${index + first}::${sentAs(type)}[]`);
  return `unnest(${sent.join(", ")}) AS r (${namesOf(columns)})`;
};

/** Each array that unnest takes apart costs PostgreSQL 4 microseconds before the first row: for one row it is cheaper without. */
export const ONE: Source = (columns, first) => {
  const sent = columns.map(([, type], index) => `$${index + first}::${sentAs(type)}`);
  return `(VALUES (${sent.join(", ")})) AS r (${namesOf(columns)})`;
};

function sentAs(type: string): string {
  return type.endsWith("[]") ? "text" : type;
}

/** The rows as `MANY` takes them. */
export function valuesOf<Row>({ columns }: SetStatement<Row>, rows: readonly Row[]): string[] {
  return columns.map(([, type, value]) => arrayOf(type, rows, value));
}

/** A row as `ONE` takes it. */
export function valuesOfOne<Row>({ columns }: Pick<SetStatement<Row>, "columns">, row: Row): (string | null)[] {
  return columns.map(([, type, value]) => {
    const own = value(row);
    if (own === null) return null;
    return type === "bytea" ? `\\x${hexadecimal(own as Uint8Array)}` : String(own);
  });
}

/** Types whose values are texts of any characters; those of all others need no quotes inside an array, or always the same. */
const FREE = new Set(["text", "jsonb", "text[]"]);

/** A column as PostgreSQL writes an array. Written here, because pg would quote and search every element: a tenth of a spend's time. */
function arrayOf<Row>(type: string, rows: readonly Row[], value: (row: Row) => Value): string {
  const write = writerOf(type);
  let text = "{";
  for (const row of rows) {
    const element = value(row);
    if (text.length > 1) text += ",";
    text += element === null ? "NULL" : write(element);
  }
  return `${text}}`;
}

function writerOf(type: string): (value: NonNullable<Value>) => string {
  if (type === "bytea") return (value) => `"\\\\x${hexadecimal(value as Uint8Array)}"`;
  if (FREE.has(type)) return (value) => quoted(value as string);
  return type.endsWith("[]") ? (value) => `"${value as string}"` : String;
}

function hexadecimal(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : `"${text}"`;
}

/** Several statements in one, done together; their values are given one behind the other. */
export function together(name: string, parts: readonly Pick<SetStatement<never>, "columns" | "write">[]): Statement {
  let first = 1;
  const texts = parts.map(({ columns, write }) => {
    const text = write(first, MANY);
    first += columns.length;
    return text;
  });
  const named = texts.slice(0, -1).map((text, index) => `part_${index} AS (${text})`);
  return { name, text: `WITH ${named.join(", ")} ${texts.at(-1)}` };
}

function namesOf(columns: readonly Column<never>[]): string {
  return columns.map(([name]) => name).join(", ");
}

function expressionOf<Row>([name, type]: Column<Row>): string {
  return type.endsWith("[]") ? `r.${name}::${type}` : `r.${name}`;
}

export function insert<Row>(table: string, columns: readonly Column<Row>[], rest = ""): SetStatement<Row> {
  const values = columns.map(expressionOf).join(", ");
  const write = (first: number, source: Source) =>
    `INSERT INTO ${table} (${namesOf(columns)}) SELECT ${values} FROM ${source(columns, first)} ${rest}`;
  return { name: `${table}.insert`, text: write(1, MANY), columns, write };
}

const WALLET_MATCH = "t.account_id = r.account_id AND t.credit_type_id = r.credit_type_id";

/** Updates the rows that `identity` names; `set` says each column's new value, else it is the one sent. */
export function update<Row>(
  name: string,
  table: string,
  identity: string | null,
  columns: readonly Column<Row>[],
  set: Readonly<Record<string, string>> = {},
): SetStatement<Row> {
  const changed = columns.filter(([column]) => column !== "account_id" && column !== "credit_type_id" && column !== identity);
  const changes = changed.map((column) => `${column[0]} = ${set[column[0]] ?? expressionOf(column)}`).join(", ");
  const match = identity === null ? WALLET_MATCH : `${WALLET_MATCH} AND t.${identity} = r.${identity}`;
  const write = (first: number, source: Source) =>
    `UPDATE ${table} t SET ${changes} FROM ${source(columns, first)} WHERE ${match}`;
  return { name: `${table}.${name}`, text: write(1, MANY), columns, write };
}

/** Most instants of a batch are its own: they are written once. */
let lastInstant: { readonly value: Instant; readonly text: string } = { value: 0n, text: formatInstant(0n) };

export function instant(value: Instant | null): string | null {
  if (value === null) return null;
  if (value !== lastInstant.value) lastInstant = { value, text: formatInstant(value) };
  return lastInstant.text;
}

export function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** An array within a column, of numbers and names. */
export function nested<T>(list: readonly T[], value: (one: T) => string | number | bigint | null): string {
  return `{${list.map((one) => String(value(one))).join(",")}}`;
}

/** An array of texts of any characters within a column. */
export function texts(list: readonly string[]): string {
  return `{${list.map(quoted).join(",")}}`;
}
