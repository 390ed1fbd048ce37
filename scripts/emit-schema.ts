/**
 * Writes schema/schema.graphql: what is promised to clients, the same text for the same schema. `node dist/scripts/emit-schema.js`
 * rewrites it; test/schema-promise.test.ts fails when it is stale.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { buildTrancheSchema, printTrancheSchema } from "../src/schema";
import { SCHEMA_FILE } from "./schema-changes";

if (require.main === module) {
  mkdirSync("schema", { recursive: true });
  writeFileSync(SCHEMA_FILE, printTrancheSchema(buildTrancheSchema()));
}
