import {
  type DocumentNode,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type TypeNode,
  ValidationContext,
  valueFromASTUntyped,
} from "graphql";
import { type ComplexityEstimator, createComplexityRule, fieldExtensionsEstimator } from "graphql-query-complexity";
import { tooComplex } from "./errors";
import type { Variables } from "./operation-request";
import { DEFAULT_PAGE_SIZE } from "./paging";

/**
 * The cost of an operation is the number of fields that its answer may have. A list counts its elements as often as its arguments allow:
 * `first` or `last` of a connection, or as many as are in a list that is given. A field can have a cost of its own, `complexity`;
 * a function there gets arguments that may not fit their types.
 */

/** How many elements a list is taken to have when no argument says so. */
const USUAL_LIST = 5;
/** Selections that are looked at, fragments as often as they are spread: ends what fragments could blow up exponentially. */
const MOST_SELECTIONS = 10_000;

/** An operation, and what its cost was found to be when that depends on the document alone. */
export interface PricedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly fixed: boolean;
  cost: number | null;
}

export function pricedOperation(document: DocumentNode, operation: OperationDefinitionNode): PricedOperation {
  const fixed = !(operation.variableDefinitions ?? []).some(({ type }) => canChangeCost(type));
  return { document, operation, fixed, cost: null };
}

/**
 * The cost of an operation with these variables. They are taken as they came: whether they fit their types is for the execution to find
 * out, which reads them anyway; those that do not fit end it before anything is done. Throws QUERY_TOO_COMPLEX when it would take too
 * long to tell.
 */
export function costOf(schema: GraphQLSchema, priced: PricedOperation, variables: Variables): number {
  if (priced.cost !== null) return priced.cost;
  const { cost, complete } = estimate(schema, priced, variables);
  if (priced.fixed && complete) priced.cost = cost;
  return cost;
}

/** Sizes of lists and skipped fields come from whole numbers, lists and flags. */
function canChangeCost(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return canChangeCost(type.type);
  return type.kind === Kind.LIST_TYPE || type.name.value === "Int" || type.name.value === "Boolean";
}

/** `complete`: no field was left out because its arguments cannot be read. */
function estimate(schema: GraphQLSchema, { document, operation }: PricedOperation, variables: Variables) {
  let complete = true;
  const context = new ValidationContext(schema, document, new TypeInfo(schema), () => {
    complete = false;
  });
  const estimator = ESTIMATOR(context);
  // Not by its own visit, which reads all variables, and tells an error of each of a million bad ones.
  estimator.variableValues = { ...defaultsOf(operation), ...variables };
  try {
    return { cost: estimator.nodeComplexity(operation, schema.getRootType(operation.operation) ?? undefined), complete };
  } catch (error) {
    // The library has no other way to say so.
    if (error instanceof GraphQLError && error.message.startsWith("Query exceeds the maximum allowed number of nodes"))
      throw tooComplex(`The document has more than ${MOST_SELECTIONS} selections, fragments included.`, {
        limit: MOST_SELECTIONS,
      });
    throw error;
  }
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  const given = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  return Object.fromEntries(given);
}

const fieldsOfAnswer: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  return 1 + childComplexity * sizeOf(type, field, args);
};

const ESTIMATOR = createComplexityRule({
  // The limit is the caller's to judge.
  maximumComplexity: Number.POSITIVE_INFINITY,
  maxQueryNodes: MOST_SELECTIONS,
  estimators: [fieldExtensionsEstimator(), fieldsOfAnswer],
});

interface Sized {
  readonly type: GraphQLOutputType;
  readonly args: readonly { readonly name: string }[];
}

/** How many elements a field has at most; 1 for what is no list. */
function sizeOf(parent: GraphQLCompositeType, field: Sized, values: Variables): number {
  if (field.args.some(({ name }) => name === "first")) {
    const size = values["first"] ?? values["last"] ?? DEFAULT_PAGE_SIZE;
    // JSON's 1e400 is read as Infinity, which no answer can say.
    return typeof size === "number" ? Math.min(Math.max(size, 1), Number.MAX_SAFE_INTEGER) : 1;
  }
  const type = getNullableType(field.type);
  if (!isListType(type) || !isCompositeType(getNullableType(type.ofType))) return 1;
  const given = Object.values(values).filter(Array.isArray);
  if (given.length > 0) return Math.max(...given.map((list: readonly unknown[]) => list.length));
  // The connection has counted its elements already.
  return isConnection(parent) ? 1 : USUAL_LIST;
}

function isConnection(type: GraphQLCompositeType): boolean {
  return isObjectType(type) && "pageInfo" in type.getFields();
}
