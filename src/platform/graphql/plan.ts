import {
  BREAK,
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
  visit,
} from "graphql";
import type { Variables } from "./operation-request";

/**
 * What graphql-js finds out of an operation again at each execution, found out once: which fields each type of object gives, how their
 * arguments come about, and how their values are completed. It is found out when the first object of a type comes: of the many types that an
 * interface may have, few ever do. It is data, no generated code: nothing that a client writes is ever run.
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
  | { readonly kind: "object"; readonly nonNull: boolean; readonly type: GraphQLObjectType; readonly fieldsOf: FieldsOf }
  | { readonly kind: "abstract"; readonly nonNull: boolean; readonly type: GraphQLAbstractType; readonly fieldsOf: FieldsOf };

export type Selection = readonly PlannedField[];

/** What a selection gives on objects of a type that it can be made on. */
export type FieldsOf = (type: GraphQLObjectType) => Selection;

export interface Plan {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly rootType: GraphQLObjectType;
  readonly fields: Selection;
}

/** How many fields the plans of one document may have, all its operations together. */
export class Budget {
  #left: number;

  /** `outgrown`: called once, as soon as they have come to more. */
  constructor(
    fields: number,
    private readonly outgrown: () => void,
  ) {
    this.#left = fields;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }

  take(fields: number): void {
    const wasSpent = this.isSpent;
    this.#left -= fields;
    if (this.isSpent && !wasSpent) this.outgrown();
  }
}

/**
 * Plans an operation of a valid document. Null: it is left to graphql-js, because it has conditions, asks for the schema, or gives a name to
 * a field that objects have a meaning for. What is found out later takes from the budget, too.
 */
export function planOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Plan["fragments"],
  budget: Budget,
): Plan | null {
  const rootType = schema.getRootType(operation.operation);
  if (!rootType || [operation, ...Object.values(fragments)].some(hasStrange)) return null;
  return {
    operation,
    fragments,
    rootType,
    fields: new Planner(schema, fragments, budget).select(rootType, [operation.selectionSet]),
  };
}

const NOT_PLANNED = new Set(["__proto__", "__schema", "__type"]);

// Of all fragments of the document, also of those that only another operation has: few documents have several.
/** A condition, a name that objects have a meaning for, or a field of the schema's description. */
function hasStrange(definition: OperationDefinitionNode | FragmentDefinitionNode): boolean {
  let found = false;
  const end = () => {
    found = true;
    return BREAK;
  };
  visit(definition, {
    Directive: end,
    Variable: ({ name }) => (name.value === "__proto__" ? end() : undefined),
    Field: ({ name, alias }) => (NOT_PLANNED.has(name.value) || alias?.value === "__proto__" ? end() : undefined),
  });
  return found;
}

class Planner {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Plan["fragments"],
    private readonly budget: Budget,
  ) {}

  /** The fields that these selections give on objects of a type, in the answer's order. */
  select(type: GraphQLObjectType, selections: readonly SelectionSetNode[]): Selection {
    const found = new Map<string, FieldNode[]>();
    const visited = new Set<string>();
    for (const { selections: nodes } of selections) this.#collect(type, nodes, found, visited);
    this.budget.take(found.size);
    return [...found].map(([key, nodes]) => this.#field(type, key, nodes));
  }

  #collect(
    type: GraphQLObjectType,
    selections: readonly SelectionNode[],
    found: Map<string, FieldNode[]>,
    visited: Set<string>,
  ): void {
    for (const node of selections) {
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
    if (!definition) throw new Error(`there is no ${parentType.name}.${name}: the document is not valid`);
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
    if (!isObjectType(type) && !isAbstractType(type)) return { kind: "leaf", nonNull, type };
    const fieldsOf = this.#fieldsOf(nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : [])));
    return isObjectType(type) ? { kind: "object", nonNull, type, fieldsOf } : { kind: "abstract", nonNull, type, fieldsOf };
  }

  #fieldsOf(selections: readonly SelectionSetNode[]): FieldsOf {
    const known = new Map<GraphQLObjectType, Selection>();
    return (type) => {
      const found = known.get(type);
      if (found) return found;
      const made = this.select(type, selections);
      known.set(type, made);
      return made;
    };
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
