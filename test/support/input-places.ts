import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
} from "graphql";

/** A schema's inputs, found by walking it: every place where a client's value can stand. */

type Json = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

/** A call that is good as it is: fields from the root inwards, each with its arguments. No two of the fields have an argument in common. */
export interface GoodCall {
  readonly kind: "query" | "mutation" | "subscription";
  readonly steps: readonly { readonly field: string; readonly args: Json }[];
}

/** Where a value stands in a good call. */
export interface Place {
  readonly call: GoodCall;
  /** Into the arguments of all fields together, which are the variables. */
  readonly path: Path;
  /** As the schema calls it, such as `Mutation.spend input.amount`. */
  readonly name: string;
  /** Of the value, or of the elements of its list; without whether it may be null. */
  readonly type: GraphQLNamedType;
  /** The good value. */
  readonly value: unknown;
}

export function nameOf({ steps }: GoodCall): string {
  return steps.map(({ field }) => field).join(".");
}

export function variablesOf({ steps }: GoodCall): Json {
  return Object.assign({}, ...steps.map(({ args }) => args)) as Json;
}

/** All places in a call: the values, and the input objects that they stand in. */
export function placesIn(schema: GraphQLSchema, call: GoodCall): readonly Place[] {
  const places: Place[] = [];
  function walk(type: GraphQLInputType, value: unknown, path: Path, name: string): void {
    const bare = getNullableType(type);
    if (isListType(bare)) {
      for (const [index, element] of (value as unknown[]).entries()) walk(bare.ofType, element, [...path, index], name);
      return;
    }
    places.push({ call, path, name, type: getNamedType(bare), value });
    if (!isInputObjectType(bare)) return;
    for (const [key, inner] of Object.entries(value as Json)) {
      const field = bare.getFields()[key];
      if (!field) throw new Error(`${name} has no ${key}`);
      walk(field.type, inner, [...path, key], `${name}.${key}`);
    }
  }
  for (const { parent, args, taken } of resolved(schema, call))
    for (const [key, value] of Object.entries(args)) {
      const argument = taken.find(({ name }) => name === key);
      if (!argument) throw new Error(`${parent} has no argument ${key}`);
      walk(argument.type, value, [key], `${parent} ${key}`);
    }
  return places;
}

/** The names of all places that the schema has. */
export function allPlaces(schema: GraphQLSchema): readonly string[] {
  const names: string[] = [];
  function walk({ type, name }: GraphQLArgument | GraphQLInputField, before: string): void {
    names.push(`${before}${name}`);
    const named = getNamedType(type);
    if (isInputObjectType(named)) for (const field of Object.values(named.getFields())) walk(field, `${before}${name}.`);
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields()))
      for (const argument of field.args) walk(argument, `${type.name}.${field.name} `);
  }
  return names;
}

/** The document of a call, with its arguments as variables. */
export function documentOf(schema: GraphQLSchema, call: GoodCall): string {
  const steps = resolved(schema, call);
  const declared = steps.flatMap(({ args, taken }) =>
    taken.filter(({ name }) => name in args).map(({ name, type }) => `$${name}: ${type.toString()}`),
  );
  const given = (args: Json) => Object.keys(args).map((name) => `${name}: $${name}`);
  return `${call.kind}${inBrackets(declared)} ${nested(steps, given)}`;
}

/** The document of a call with its arguments written out, the value at a place as `text`. */
export function writtenOut(schema: GraphQLSchema, { call, path }: Pick<Place, "call" | "path">, text: string): string {
  const steps = resolved(schema, call);
  const given = (args: Json, taken: readonly GraphQLArgument[]) =>
    taken
      .filter(({ name }) => name in args)
      .map(({ name, type }) => `${name}: ${literal(type, args[name], path[0] === name ? path.slice(1) : null, text)}`);
  return `${call.kind} ${nested(steps, given)}`;
}

/** The variables of a call as JSON, the value at a place as `text`, which need be none. */
export function variablesWith({ call, path }: Pick<Place, "call" | "path">, text: string): string {
  const mark = "@@the place@@";
  return JSON.stringify(replaced(variablesOf(call), path, mark)).replace(JSON.stringify(mark), () => text);
}

/** What the document of a call asks for at its end, in what was answered: a list, when one of the fields is one. */
export function answerTo({ steps }: GoodCall, data: unknown): unknown {
  return steps.reduce<unknown>(
    (value, { field }) =>
      Array.isArray(value) ? value.map((element: Json) => element[field]) : ((value as Json | null)?.[field] ?? null),
    data,
  );
}

interface Resolved {
  readonly field: string;
  readonly args: Json;
  /** As `Mutation.spend`. */
  readonly parent: string;
  readonly taken: readonly GraphQLArgument[];
  readonly type: GraphQLOutputType;
}

function resolved(schema: GraphQLSchema, { kind, steps }: GoodCall): readonly Resolved[] {
  const roots = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() };
  let type = roots[kind] as GraphQLObjectType;
  return steps.map(({ field, args }) => {
    const found = type.getFields()[field];
    if (!found) throw new Error(`${type.name} has no ${field}`);
    const step = { field, args, parent: `${type.name}.${field}`, taken: found.args, type: found.type };
    type = getNamedType(found.type) as GraphQLObjectType;
    return step;
  });
}

function nested(steps: readonly Resolved[], given: (args: Json, taken: readonly GraphQLArgument[]) => readonly string[]): string {
  const last = steps.at(-1) as Resolved;
  return steps.reduceRight(
    (inside, { field, args, taken }) => `{ ${field}${inBrackets(given(args, taken))} ${inside} }`,
    selectionOf(getNamedType(last.type)),
  );
}

/** Enough to tell whether anything was found or done. */
function selectionOf(type: GraphQLNamedType): string {
  if (!isCompositeType(type)) return "";
  const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
  const telling = [
    ["id", "id"],
    ["refusal", "refusal { code message }"],
    ["affordable", "wallet { id }"],
  ].flatMap(([name = "", text]) => (name in fields ? [text] : []));
  return `{ ${["__typename", ...telling].join(" ")} }`;
}

function literal(type: GraphQLInputType, value: unknown, path: Path | null, text: string): string {
  if (path?.length === 0) return text;
  const inner = (key: string | number) => (path?.[0] === key ? path.slice(1) : null);
  const bare = getNullableType(type);
  if (isListType(bare))
    return `[${(value as unknown[]).map((element, index) => literal(bare.ofType, element, inner(index), text)).join(", ")}]`;
  if (isInputObjectType(bare)) {
    const fields = Object.entries(value as Json).map(([key, field]) => {
      const known = bare.getFields()[key] as GraphQLInputField;
      return `${key}: ${literal(known.type, field, inner(key), text)}`;
    });
    return `{ ${fields.join(", ")} }`;
  }
  if (typeof value === "object") return fieldsIn(value as Json);
  return isEnumType(bare) ? `${value as string}` : JSON.stringify(value);
}

/** Of a JSON object without others in it. */
function fieldsIn(value: Json): string {
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${JSON.stringify(field)}`);
  return `{ ${fields.join(", ")} }`;
}

function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value))
    return value.map((element: unknown, index) => (index === first ? replaced(element, rest, by) : element));
  return { ...(value as Json), [first]: replaced((value as Json)[first], rest, by) };
}

function inBrackets(parts: readonly string[]): string {
  return parts.length === 0 ? "" : `(${parts.join(", ")})`;
}
