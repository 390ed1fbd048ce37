import {
  defaultTypeResolver,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  isObjectType,
  locatedError,
  OperationTypeNode,
  responsePathAsArray,
} from "graphql";
import { inspect } from "graphql/jsutils/inspect";
import type { Variables } from "./operation-request";
import type { FieldsOf, Plan, PlannedField, Selection, Shape } from "./plan";

/**
 * Carries out a plan as graphql-js carries out its operation, step by step: the same promises in the same order, so that the same errors
 * are told, in the same order. Where this and graphql-js differ, graphql-js is right.
 */

type Path = GraphQLResolveInfo["path"];
type Result = Record<string, unknown>;
type Abstract = Extract<Shape, { readonly kind: "abstract" }>;

export function carryOut(plan: Plan, args: ExecutionArgs, variables: Variables): ExecutionResult | Promise<ExecutionResult> {
  return new Execution(plan, args, variables).run();
}

class Execution {
  readonly #errors: GraphQLError[] = [];
  /** Where errors were: nothing more is told of what lies within. Undefined stands for the whole answer. */
  readonly #nulled = new Set<Path | undefined>();
  readonly #context: unknown;

  constructor(
    private readonly plan: Plan,
    private readonly args: ExecutionArgs,
    private readonly variables: Variables,
  ) {
    this.#context = args.contextValue;
  }

  run(): ExecutionResult | Promise<ExecutionResult> {
    const { fields, operation } = this.plan;
    const root = this.args.rootValue;
    const failed = (error: unknown) => {
      this.#tell(error as GraphQLError, undefined);
      return this.#answer(null);
    };
    try {
      const serial = operation.operation === OperationTypeNode.MUTATION;
      const data = serial ? this.#inTurn(fields, root) : this.#fields(fields, root, undefined);
      return isPromise(data) ? data.then((all) => this.#answer(all), failed) : this.#answer(data);
    } catch (error) {
      return failed(error);
    }
  }

  #answer(data: Result | null): ExecutionResult {
    return this.#errors.length === 0 ? { data } : { errors: this.#errors, data };
  }

  #tell(error: GraphQLError, path: Path | undefined): void {
    if (this.#nulled.has(undefined)) return;
    for (let at = path; at !== undefined; at = at.prev) if (this.#nulled.has(at)) return;
    this.#nulled.add(path);
    this.#errors.push(error);
  }

  /** One root field after the other. */
  #inTurn(fields: Selection, root: unknown): Result | Promise<Result> {
    let done: Result | Promise<Result> = {};
    for (const field of fields) {
      done = isPromise(done) ? done.then((results) => this.#add(results, field, root)) : this.#add(done, field, root);
    }
    return done;
  }

  #add(results: Result, field: PlannedField, root: unknown): Result | Promise<Result> {
    const value = this.#field(field, root, undefined);
    if (!isPromise(value)) {
      results[field.key] = value;
      return results;
    }
    return value.then((resolved) => {
      results[field.key] = resolved;
      return results;
    });
  }

  #fields(fields: Selection, source: unknown, path: Path | undefined): Result | Promise<Result> {
    const results: Result = {};
    let waits = false;
    try {
      for (const field of fields) {
        const value = this.#field(field, source, path);
        results[field.key] = value;
        if (isPromise(value)) waits = true;
      }
    } catch (error) {
      if (!waits) throw error;
      // What the other fields have begun may fail as well.
      return allOf(results).finally(() => {
        throw error;
      });
    }
    return waits ? allOf(results) : results;
  }

  #field(field: PlannedField, source: unknown, above: Path | undefined): unknown {
    let path: Path | undefined;
    try {
      let result: unknown;
      if (field.resolve === null && field.shape.kind === "leaf" && isObjectLike(source)) {
        result = source[field.name];
        // Almost always: nothing that needs a path.
        if (!isPromise(result) && typeof result !== "function") return completeLeaf(field, field.shape, result);
      }
      path = { prev: above, key: field.key, typename: field.parentType.name };
      const info = this.#infoOf(field, path);
      result = this.#resolve(field, source, info, result);
      if (!isPromise(result)) {
        const completed = this.#complete(field.shape, field, info, path, result);
        return isPromise(completed) ? this.#guarded(field, field.shape, path, completed) : completed;
      }
      const at = path;
      return this.#guarded(
        field,
        field.shape,
        at,
        result.then((resolved) => this.#complete(field.shape, field, info, at, resolved)),
      );
    } catch (error) {
      path ??= { prev: above, key: field.key, typename: field.parentType.name };
      return this.#failed(field, field.shape, path, error);
    }
  }

  /** `read`: a property that was read already. */
  #resolve(field: PlannedField, source: unknown, info: GraphQLResolveInfo, read: unknown): unknown {
    if (field.resolve !== null) return field.resolve(source, field.argumentsOf(this.variables), this.#context, info);
    if (!isObjectLike(source) && typeof source !== "function") return undefined;
    const holder = source as Record<string, unknown>;
    const property = read === undefined ? holder[field.name] : read;
    if (typeof property !== "function") return property;
    return property.call(holder, field.argumentsOf(this.variables), this.#context, info);
  }

  #infoOf({ name, nodes, type, parentType }: PlannedField, path: Path): GraphQLResolveInfo {
    const { schema, rootValue } = this.args;
    const { fragments, operation } = this.plan;
    const [fieldNodes, variableValues] = [nodes, this.variables];
    return {
      fieldName: name,
      fieldNodes,
      returnType: type,
      parentType,
      path,
      schema,
      fragments,
      rootValue,
      operation,
      variableValues,
    };
  }

  #guarded(field: PlannedField, shape: Shape, path: Path, completed: Promise<unknown>): Promise<unknown> {
    return completed.then(undefined, (error) => this.#failed(field, shape, path, error));
  }

  /** What may not be null fails what it is part of. */
  #failed({ nodes }: PlannedField, { nonNull }: Shape, path: Path, error: unknown): null {
    const located = locatedError(error, nodes, responsePathAsArray(path));
    if (nonNull) throw located;
    this.#tell(located, path);
    return null;
  }

  #complete(shape: Shape, field: PlannedField, info: GraphQLResolveInfo, path: Path, value: unknown): unknown {
    if (shape.kind === "leaf") return completeLeaf(field, shape, value);
    if (value instanceof Error) throw value;
    if (value == null) return nullOf(field, shape);
    if (shape.kind === "list") return this.#list(shape.item, field, info, path, value);
    if (shape.kind === "object") return this.#object(shape.type, shape.fieldsOf, field, info, path, value);
    return this.#abstract(shape, field, info, path, value);
  }

  #list(item: Shape, field: PlannedField, info: GraphQLResolveInfo, path: Path, value: unknown): unknown {
    if (!isIterable(value))
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${field.parentType.name}.${field.name}".`);
    let waits = false;
    const items = Array.from(value, (one, index) => {
      const completed = this.#item(item, field, info, { prev: path, key: index, typename: undefined }, one);
      if (isPromise(completed)) waits = true;
      return completed;
    });
    return waits ? Promise.all(items) : items;
  }

  #item(shape: Shape, field: PlannedField, info: GraphQLResolveInfo, path: Path, value: unknown): unknown {
    try {
      const completed = isPromise(value)
        ? value.then((resolved) => this.#complete(shape, field, info, path, resolved))
        : this.#complete(shape, field, info, path, value);
      return isPromise(completed) ? this.#guarded(field, shape, path, completed) : completed;
    } catch (error) {
      return this.#failed(field, shape, path, error);
    }
  }

  #object(
    type: GraphQLObjectType,
    fieldsOf: FieldsOf,
    { nodes }: PlannedField,
    info: GraphQLResolveInfo,
    path: Path,
    value: unknown,
  ): unknown {
    const belongs = type.isTypeOf ? type.isTypeOf(value, this.#context, info) : true;
    const go = (yes: boolean) => {
      if (!yes) throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes });
      return this.#fields(fieldsOf(type), value, path);
    };
    return isPromise(belongs) ? belongs.then(go) : go(belongs);
  }

  #abstract(shape: Abstract, field: PlannedField, info: GraphQLResolveInfo, path: Path, value: unknown): unknown {
    const { type } = shape;
    const go = (name: unknown) => {
      const found = this.#typeNamed(name, shape, field, value);
      return this.#object(found, shape.fieldsOf, field, info, path, value);
    };
    const name = (type.resolveType ?? defaultTypeResolver)(value, this.#context, info, type);
    return isPromise(name) ? name.then(go) : go(name);
  }

  #typeNamed(name: unknown, { type }: Abstract, field: PlannedField, value: unknown): GraphQLObjectType {
    const found = typeof name === "string" ? this.args.schema.getType(name) : undefined;
    if (isObjectType(found) && this.args.schema.isSubType(type, found)) return found;
    throw new GraphQLError(wrongType(name, found, type.name, field, value), { nodes: field.nodes });
  }
}

function wrongType(name: unknown, found: unknown, abstract: string, { parentType, name: field }: PlannedField, value: unknown) {
  const must = `Abstract type "${abstract}" must resolve to an Object type at runtime for field "${parentType.name}.${field}"`;
  if (name == null)
    return `${must}. Either the "${abstract}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`;
  if (isObjectType(name))
    return "Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.";
  if (typeof name !== "string") return `${must} with value ${inspect(value)}, received "${inspect(name)}".`;
  if (found === undefined)
    return `Abstract type "${abstract}" was resolved to a type "${name}" that does not exist inside the schema.`;
  if (!isObjectType(found)) return `Abstract type "${abstract}" was resolved to a non-object type "${name}".`;
  return `Runtime Object type "${name}" is not a possible type for "${abstract}".`;
}

function completeLeaf(field: PlannedField, shape: Extract<Shape, { readonly kind: "leaf" }>, value: unknown): unknown {
  if (value == null) return nullOf(field, shape);
  if (value instanceof Error) throw value;
  const shown: unknown = shape.type.serialize(value);
  if (shown == null)
    throw new Error(
      `Expected \`${inspect(shape.type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(shown)}`,
    );
  return shown;
}

function nullOf({ parentType, name }: PlannedField, { nonNull }: Shape): null {
  if (nonNull) throw new Error(`Cannot return null for non-nullable field ${parentType.name}.${name}.`);
  return null;
}

/** The same with all promises kept, in the same order. */
function allOf(results: Result): Promise<Result> {
  return Promise.all(Object.values(results)).then((values) => {
    const all: Result = {};
    Object.keys(results).forEach((key, index) => {
      all[key] = values[index];
    });
    return all;
  });
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === "function";
}

function isObjectLike(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
