import { type ExecutionResult, type GraphQLNamedType, type GraphQLSchema, getNamedType, isLeafType, isObjectType } from "graphql";

/** A value that the API has answered, and where it stands in the schema. */
export interface Leaf {
  /** Where in the answer. */
  readonly path: string;
  /** "Grant.amount" */
  readonly field: string;
  /** Of the fields on the way, the outermost first. */
  readonly way: readonly string[];
  /** "Amount" */
  readonly type: string;
  readonly value: unknown;
}

/** All values of an answer, in their order. Without aliases, and with `__typename` everywhere. */
export function leavesOf(schema: GraphQLSchema, data: ExecutionResult["data"], kind: "query" | "mutation"): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const root = kind === "query" ? schema.getQueryType() : schema.getMutationType();
  function walk(value: unknown, type: GraphQLNamedType, path: string, field: string, way: readonly string[]): void {
    if (Array.isArray(value)) {
      for (const [index, one] of value.entries()) walk(one, type, `${path}[${index}]`, field, way);
      return;
    }
    if (value === null || value === undefined || isLeafType(type)) {
      leaves.push({ path, field, way, type: type.name, value });
      return;
    }
    const { __typename, ...fields } = value as Record<string, unknown>;
    const object = typeof __typename === "string" ? schema.getType(__typename) : type;
    if (!isObjectType(object)) throw new Error(`${path} does not tell what it is`);
    for (const [name, one] of Object.entries(fields)) {
      const found = object.getFields()[name];
      if (!found) throw new Error(`${object.name} has no ${name}`);
      walk(one, getNamedType(found.type), `${path}.${name}`, `${object.name}.${name}`, [...way, name]);
    }
  }
  if (root) walk(data, root, "", "", []);
  return leaves;
}
