import { GraphQLError, GraphQLScalarType, Kind, type ObjectValueNode, type ValueNode } from "graphql";
import type { Json } from "../../core/json";
import { isStorable } from "./text";

export type JsonObject = { readonly [key: string]: Json };

/** Bytes of UTF-8, when written as JSON. */
const LARGEST = 4_096;
/** Levels of objects and lists, the object itself included. */
const DEEPEST = 32;

type Variables = Readonly<Record<string, unknown>> | null | undefined;

export const JsonObjectScalar = new GraphQLScalarType<JsonObject, JsonObject>({
  name: "JSONObject",
  description:
    "Any JSON object of at most 4 KB, nested at most 32 levels deep. Whole numbers past ±9007199254740991 must be strings, since JSON " +
    "readers round them.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc8259",
  serialize: (value) => value as JsonObject,
  parseValue: checkObject,
  parseLiteral: (node, variables) => {
    try {
      return checkObject(node.kind === Kind.OBJECT ? objectOf(node, variables) : null);
    } catch (error) {
      throw new GraphQLError(error instanceof Error ? error.message : String(error), { nodes: node });
    }
  },
});

/** A JSON object that can be stored as it is. Throws a GraphQLError that says what is wrong with it. */
function checkObject(value: unknown): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject();
  checkInside(value, DEEPEST);
  if (Buffer.byteLength(JSON.stringify(value)) > LARGEST)
    throw new GraphQLError(`JSONObject must have at most ${LARGEST} bytes.`);
  return value as JsonObject;
}

/** `levels`: how many more there may be. So the recursion ends before the stack does. */
function checkInside(value: unknown, levels: number): void {
  if (typeof value === "string") checkString(value);
  if (typeof value === "number") checkNumber(value);
  if (typeof value !== "object" || value === null) return;
  if (levels === 0) throw new GraphQLError(`JSONObject must not be nested deeper than ${DEEPEST} levels.`);
  for (const [key, inner] of Object.entries(value)) {
    checkString(key);
    checkInside(inner, levels - 1);
  }
}

function checkString(text: string): void {
  if (!isStorable(text)) throw new GraphQLError("JSONObject must not contain the character NUL or half of a surrogate pair.");
}

/** 1e999 is read as Infinity, which JSON cannot write; of large whole numbers the last digits are gone when they get here. */
function checkNumber(value: number): void {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    throw new GraphQLError("JSONObject contains a number that cannot be kept exactly: write it as a string.");
}

function jsonOf(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return objectOf(node, variables);
    case Kind.LIST:
      return node.values.map((inner) => jsonOf(inner, variables));
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.VARIABLE:
      return variables?.[node.name.value] ?? null;
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
  }
}

function objectOf(node: ObjectValueNode, variables: Variables): object {
  return Object.fromEntries(node.fields.map((field) => [field.name.value, jsonOf(field.value, variables)]));
}

function notAnObject(): GraphQLError {
  return new GraphQLError("JSONObject must be an object.");
}
