import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType } from "graphql";
import { SCHEMA_FILE } from "../scripts/schema-changes";
import { fieldsWithoutRule } from "../src/platform/graphql/access";
import { buildTrancheSchema, printTrancheSchema } from "../src/schema";

const schema = buildTrancheSchema();

test("the committed SDL is what the code says (npm run generate)", () => {
  expect(readFileSync(SCHEMA_FILE, "utf8")).toBe(printTrancheSchema(schema));
});

test("two builds print the same", () => {
  expect(printTrancheSchema(buildTrancheSchema())).toBe(printTrancheSchema(schema));
});

describe("the schema", () => {
  test("has an access rule for every field", () => {
    expect(fieldsWithoutRule(schema)).toEqual([]);
  });

  test("describes every type, field, argument and enum value", () => {
    expect(undescribed(schema)).toEqual([]);
  });
});

/** Everything that a client can name and that nobody has explained, as paths. */
function undescribed(built: GraphQLSchema): readonly string[] {
  const roots = new Set([built.getQueryType(), built.getMutationType(), built.getSubscriptionType()]);
  return Object.values(built.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !["String", "Boolean", "Int", "ID", "Float"].includes(type.name))
    .flatMap((type) => {
      const missing = type.description || (isObjectType(type) && roots.has(type)) ? [] : [type.name];
      if (isEnumType(type)) missing.push(...type.getValues().flatMap((value) => untold(`${type.name}.${value.name}`, value)));
      if (isInputObjectType(type))
        missing.push(...Object.values(type.getFields()).flatMap((field) => untold(`${type.name}.${field.name}`, field)));
      if (isObjectType(type) || isInterfaceType(type))
        for (const field of Object.values(type.getFields())) {
          missing.push(...untold(`${type.name}.${field.name}`, field));
          missing.push(...field.args.flatMap((arg) => untold(`${type.name}.${field.name}(${arg.name})`, arg)));
        }
      return missing;
    });
}

function untold(path: string, { description }: { readonly description?: string | null | undefined }): string[] {
  return description ? [] : [path];
}
