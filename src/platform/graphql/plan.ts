import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getArgumentValues,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from "graphql";
import type { Variables } from "./operation-request";

/**
 * What graphql-js finds out of an operation again at each execution, found out once: which fields each type of object gives, how their
 * arguments come about, and how their values are completed. It is data, no generated code: nothing that a client writes is ever run.
 */

export type Resolve = GraphQLFieldResolver<unknown, unknown>;
export type Arguments = Record<string, unknown>;

/** A field of the answer. */
export interface PlannedField {
  /** Its name in the answer. */
  readonly key: string;
  readonly name: string;
  readonly parentType: GraphQLObjectType;
  readonly type: GraphQLOutputType;
  readonly nodes: readonly FieldNode[];
  /** Null: the property of its name. */
  readonly resolve: Resolve | null;
  readonly argumentsOf: (variables: Variables) => Arguments;
  readonly shape: Shape;
}

/** How a value is completed; `nonNull`: it must be there. */
export type Shape =
  | { readonly kind: "leaf"; readonly nonNull: boolean; readonly type: GraphQLLeafType }
  | { readonly kind: "list"; readonly nonNull: boolean; readonly item: Shape }
  | { readonly kind: "object"; readonly nonNull: boolean; readonly type: GraphQLObjectType; readonly fields: Selection }
  | {
      readonly kind: "abstract";
      readonly nonNull: boolean;
      readonly type: GraphQLAbstractType;
      readonly fieldsOf: ReadonlyMap<GraphQLObjectType, Selection>;
    };

export type Selection = readonly PlannedField[];

export interface Plan {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly rootType: GraphQLObjectType;
  readonly fields: Selection;
}

/** How many fields the plans of one document may still have, all its operations together. */
export interface Budget {
  fieldsLeft: number;
}

/** Why an operation is left to graphql-js. */
class Unplannable extends Error {}

/**
 * Plans an operation of a valid document. Null: it is left to graphql-js, because it has conditions, asks for the schema, gives a name to
 * a field that objects have a meaning for, or comes to more fields than are left.
 */
export function planOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Plan["fragments"],
  budget: Budget,
): Plan | null {
  const rootType = schema.getRootType(operation.operation);
  if (!rootType || operation.variableDefinitions?.some(({ variable }) => variable.name.value === "__proto__")) return null;
  try {
    const planner = new Planner(schema, fragments, budget.fieldsLeft);
    const fields = planner.select(rootType, [operation.selectionSet]);
    budget.fieldsLeft = planner.fieldsLeft;
    return { operation, fragments, rootType, fields };
  } catch (error) {
    if (error instanceof Unplannable) return null;
    throw error;
  }
}

/** Selections that are looked at, fragments as often as they are spread, and once for each type that an object may have. */
const MOST_LOOKS = 10_000;

class Planner {
  #looks = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Plan["fragments"],
    public fieldsLeft: number,
  ) {}

  /** The fields that these selections give on objects of a type, in the answer's order. */
  select(type: GraphQLObjectType, selections: readonly SelectionSetNode[]): Selection {
    const found = new Map<string, FieldNode[]>();
    const visited = new Set<string>();
    for (const { selections: nodes } of selections) this.#collect(type, nodes, found, visited);
    return [...found].map(([key, nodes]) => this.#field(type, key, nodes));
  }

  #collect(
    type: GraphQLObjectType,
    selections: readonly SelectionNode[],
    found: Map<string, FieldNode[]>,
    visited: Set<string>,
  ): void {
    for (const node of selections) {
      this.#looks += 1;
      if (this.#looks > MOST_LOOKS) throw new Unplannable("fragments within fragments");
      if (node.directives?.length) throw new Unplannable("a condition");
      if (node.kind === Kind.FIELD) {
        const key = (node.alias ?? node.name).value;
        const before = found.get(key);
        if (before) before.push(node);
        else found.set(key, [node]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (this.#applies(node.typeCondition?.name.value, type))
          this.#collect(type, node.selectionSet.selections, found, visited);
      } else if (!visited.has(node.name.value)) {
        visited.add(node.name.value);
        const fragment = this.fragments[node.name.value];
        if (fragment && this.#applies(fragment.typeCondition.name.value, type))
          this.#collect(type, fragment.selectionSet.selections, found, visited);
      }
    }
  }

  #applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const named = this.schema.getType(condition);
    return isAbstractType(named) && this.schema.isSubType(named, type);
  }

  #field(parentType: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): PlannedField {
    const [node] = nodes as [FieldNode];
    const name = node.name.value;
    const definition = name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : parentType.getFields()[name];
    this.fieldsLeft -= 1;
    if (!definition || this.fieldsLeft < 0 || key === "__proto__") throw new Unplannable(key);
    return {
      key,
      name,
      parentType,
      type: definition.type,
      nodes,
      resolve: definition.resolve ?? null,
      argumentsOf: argumentsOf(definition, node),
      shape: this.#shape(definition.type, nodes),
    };
  }

  #shape(declared: GraphQLOutputType, nodes: readonly FieldNode[]): Shape {
    const nonNull = isNonNullType(declared);
    const type = nonNull ? declared.ofType : declared;
    if (isListType(type)) return { kind: "list", nonNull, item: this.#shape(type.ofType, nodes) };
    const selections = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
    if (isObjectType(type)) return { kind: "object", nonNull, type, fields: this.select(type, selections) };
    if (!isAbstractType(type)) return { kind: "leaf", nonNull, type };
    const possible = this.schema.getPossibleTypes(type);
    return { kind: "abstract", nonNull, type, fieldsOf: new Map(possible.map((one) => [one, this.select(one, selections)])) };
  }
}

type Definition = GraphQLField<unknown, unknown>;

const noArguments = (): Arguments => ({});

/** By graphql-js, except where all that is given are variables: those have been read already. */
function argumentsOf(definition: Definition, node: FieldNode): PlannedField["argumentsOf"] {
  if (definition.args.length === 0) return noArguments;
  const exactly = (variables: Variables) => getArgumentValues(definition, node, variables);
  const given = (node.arguments ?? []).map(({ name, value }) => ({
    name: name.value,
    variable: value.kind === Kind.VARIABLE ? value.name.value : null,
  }));
  const names = new Set(given.map(({ name }) => name));
  const areVariables = given.every(({ variable }) => variable !== null);
  const others = definition.args.filter(({ name }) => !names.has(name));
  if (!areVariables || others.some(({ type, defaultValue }) => isNonNullType(type) || defaultValue !== undefined)) return exactly;
  const ordered = definition.args.flatMap(({ name }) => given.filter((one) => one.name === name));
  return (variables) => {
    const values: Arguments = {};
    for (const { name, variable } of ordered) {
      const value = Object.hasOwn(variables, variable as string) ? variables[variable as string] : null;
      // Null and nothing have rules of their own.
      if (value == null) return exactly(variables);
      values[name] = value;
    }
    return values;
  };
}
