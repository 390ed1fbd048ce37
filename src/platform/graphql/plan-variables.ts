import {
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromAST,
} from "graphql";
import type { Variables } from "./operation-request";

/**
 * Reads variables as graphql-js does, where all is well. Whatever is not is left to graphql-js itself, which tells of it in its own words:
 * nothing here makes a message.
 */

/** Stands for what is left to graphql-js. */
const UNREAD = Symbol("unread");
type Read = (value: unknown) => unknown;

/** The variables' values as resolvers take them; null: graphql-js is to read them. */
export type VariablesReader = (given: Variables) => Variables | null;

export function variablesReader(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): VariablesReader {
  const readers = variableDefinitions.map(({ variable, type: node, defaultValue }) => {
    const type = typeFromAST(schema, node) as GraphQLInputType | undefined;
    return { name: variable.name.value, type, defaultValue, read: isInputType(type) ? readerOf(type) : () => UNREAD };
  });
  return (given) => {
    const values: Record<string, unknown> = {};
    for (const { name, type, defaultValue, read } of readers) {
      if (!Object.hasOwn(given, name)) {
        if (defaultValue) values[name] = valueFromAST(defaultValue, type as GraphQLInputType);
        else if (isNonNullType(type)) return null;
        continue;
      }
      const value = read(given[name]);
      if (value === UNREAD) return null;
      values[name] = value;
    }
    return values;
  };
}

const READERS = new WeakMap<GraphQLInputType, Read>();

/** The reader of a type; a type may have itself within. */
function readerOf(type: GraphQLInputType): Read {
  const known = READERS.get(type);
  if (known) return known;
  let made: Read | null = null;
  READERS.set(type, (value) => (made as Read)(value));
  made = makeReader(type);
  READERS.set(type, made);
  return made;
}

function makeReader(type: GraphQLInputType): Read {
  if (isNonNullType(type)) {
    const inner = readerOf(type.ofType);
    return (value) => (value == null ? UNREAD : inner(value));
  }
  if (isListType(type)) return listReader(readerOf(type.ofType));
  if (isInputObjectType(type)) return objectReader(type);
  return (value) => {
    if (value == null) return null;
    try {
      const parsed = type.parseValue(value);
      return parsed === undefined ? UNREAD : parsed;
    } catch {
      return UNREAD;
    }
  };
}

function listReader(item: Read): Read {
  return (value) => {
    if (value == null) return null;
    if (!Array.isArray(value)) return UNREAD;
    const items: unknown[] = [];
    for (const one of value) {
      const read = item(one);
      // The first is enough: of a hundred thousand, each would be found out by an error that is thrown and caught.
      if (read === UNREAD) return UNREAD;
      items.push(read);
    }
    return items;
  };
}

function objectReader(type: Extract<GraphQLInputType, { getFields(): unknown; isOneOf: boolean }>): Read {
  const definitions = type.getFields();
  const fields = Object.values(definitions).map((field) => ({
    name: field.name,
    defaultValue: field.defaultValue,
    required: isNonNullType(field.type) && field.defaultValue === undefined,
    read: readerOf(field.type),
  }));
  return (value) => {
    if (value == null) return null;
    if (typeof value !== "object" || Array.isArray(value) || type.isOneOf) return UNREAD;
    for (const name in value) if (!definitions[name]) return UNREAD;
    const given = value as Variables;
    const values: Record<string, unknown> = {};
    for (const { name, defaultValue, required, read } of fields) {
      const one = given[name];
      if (one === undefined) {
        if (required) return UNREAD;
        if (defaultValue !== undefined) values[name] = defaultValue;
        continue;
      }
      const found = read(one);
      if (found === UNREAD) return UNREAD;
      values[name] = found;
    }
    return values;
  };
}
