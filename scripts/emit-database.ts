/**
 * Writes schema/database.sql: the tables as DDL, read back from the catalogue of a migrated database, the same for the same tables.
 * `npm run generate` rewrites it, with an embedded PostgreSQL for the moment; test/schema.test.ts fails when it is stale.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { APPLICATION_ROLE, migrate } from "../src/platform/database";
import { createLogger } from "../src/platform/log";
import { startEmbeddedPostgres } from "../src/platform/postgres";

const HEADER = "-- The tables of Tranche. Made from the migrations by scripts/emit-database.ts: change those, not this.\n";

// The migrations' own bookkeeping is TypeORM's, and no part of it.
const TABLES = `
  SELECT c.oid, c.relname AS name, array_to_string(c.reloptions, ', ') AS options
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migrations'
  ORDER BY c.relname`;

const COLUMNS = `
  SELECT a.attrelid AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
         a.attidentity AS identity, pg_get_expr(d.adbin, d.adrelid) AS preset
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attrelid, a.attnum`;

// Primary keys first, then what is unique, then checks; foreign keys are written apart.
const CONSTRAINTS = `
  SELECT conrelid AS table, conname AS name, contype AS kind, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'c', 'f')
  ORDER BY position(contype::text IN 'pucf'), conname`;

const INDEXES = `
  SELECT i.indrelid AS table, pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u'))
  ORDER BY c.relname`;

const ENUMS = `
  SELECT t.typname AS name, array_agg(e.enumlabel ORDER BY e.enumsortorder)::text[] AS labels
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
  WHERE t.typnamespace = 'public'::regnamespace
  GROUP BY t.typname ORDER BY t.typname`;

const PRIVILEGES = `
  SELECT table_name AS name, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS privileges
  FROM information_schema.role_table_grants
  WHERE grantee = $1 AND table_schema = 'public' AND table_name <> 'migrations'
  GROUP BY table_name ORDER BY table_name`;

interface Table {
  readonly oid: number;
  readonly name: string;
  readonly options: string | null;
}
interface Column {
  readonly table: number;
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly identity: string;
  readonly preset: string | null;
}
interface Constraint {
  readonly table: number;
  readonly name: string;
  readonly kind: "p" | "u" | "c" | "f";
  readonly definition: string;
}

/** The tables of a migrated database as DDL. */
export async function describeDatabase(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const rows = async <Row extends object>(text: string, values: unknown[] = []) => (await client.query<Row>(text, values)).rows;
    const tables = await rows<Table>(TABLES);
    const columns = await rows<Column>(COLUMNS);
    const constraints = await rows<Constraint>(CONSTRAINTS);
    const indexes = await rows<{ table: number; definition: string }>(INDEXES);
    const enums = await rows<{ name: string; labels: string[] }>(ENUMS);
    const privileges = await rows<{ name: string; privileges: string }>(PRIVILEGES, [APPLICATION_ROLE]);
    return [
      HEADER,
      ...enums.map(({ name, labels }) => `CREATE TYPE ${name} AS ENUM (${labels.map((label) => `'${label}'`).join(", ")});\n`),
      ...tables.map((table) => describeTable(table, columns, constraints, indexes)),
      tables.flatMap((table) => foreignKeys(table, constraints)).join("\n"),
      "",
      privileges.map(({ name, privileges: granted }) => `GRANT ${granted} ON ${name} TO ${APPLICATION_ROLE};`).join("\n"),
      "",
    ].join("\n");
  } finally {
    await client.end();
  }
}

function describeTable(
  table: Table,
  columns: readonly Column[],
  constraints: readonly Constraint[],
  indexes: readonly { readonly table: number; readonly definition: string }[],
): string {
  const lines = [
    ...columns.filter((column) => column.table === table.oid).map(describeColumn),
    ...constraints
      .filter((constraint) => constraint.table === table.oid && constraint.kind !== "f")
      .map(({ name, definition }) => `CONSTRAINT ${name} ${definition}`),
  ];
  const options = table.options === null ? "" : ` WITH (${table.options})`;
  const own = indexes
    .filter((index) => index.table === table.oid)
    .map(({ definition }) => `${definition.replace(" public.", " ")};\n`);
  return `CREATE TABLE ${table.name} (\n  ${lines.join(",\n  ")}\n)${options};\n${own.join("")}`;
}

function describeColumn({ name, type, required, identity, preset }: Column): string {
  const parts = [name, type];
  if (required) parts.push("NOT NULL");
  if (identity === "a") parts.push("GENERATED ALWAYS AS IDENTITY");
  if (preset !== null) parts.push(`DEFAULT ${preset}`);
  return parts.join(" ");
}

function foreignKeys(table: Table, constraints: readonly Constraint[]): readonly string[] {
  return constraints
    .filter((constraint) => constraint.table === table.oid && constraint.kind === "f")
    .map(({ name, definition }) => `ALTER TABLE ${table.name} ADD CONSTRAINT ${name} ${definition};`);
}

async function main(): Promise<void> {
  const dataFolder = mkdtempSync(join(tmpdir(), "tranche-schema-"));
  const { url, stop } = await startEmbeddedPostgres({ dataFolder, log: createLogger({ level: "warn" }) });
  try {
    await migrate(url);
    mkdirSync("schema", { recursive: true });
    writeFileSync("schema/database.sql", await describeDatabase(url));
  } finally {
    await stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

if (require.main === module) void main();
