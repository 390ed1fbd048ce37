import "reflect-metadata";
import { createHash } from "node:crypto";
import {
  type ASTNode,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";
import { Extensions } from "type-graphql";
import { type Identity, viewerOf } from "../authentication";
import type { Variables } from "./operation-request";

const EXTENSION = "beginsBehind";

/**
 * Says which arguments of a subscription only tell where it begins: what is told of an event does not depend on them, and so is the same
 * for all, wherever they began.
 */
export function BeginsBehind(...names: readonly string[]): MethodDecorator {
  return Extensions({ [EXTENSION]: names }) as MethodDecorator;
}

/** How events are shown to somebody who is subscribed. */
export interface View {
  /** The same for all to whom an event looks the same. */
  readonly name: string;
  /** For whom it is executed: anybody who may see the same. */
  readonly viewer: Identity;
}

/** `way`: what else makes a difference to what is told. */
export function viewOf(
  { schema, document, operationName, variableValues }: ExecutionArgs,
  identity: Identity,
  way: unknown,
): View {
  const operation = getOperationAST(document, operationName);
  const variables = !operation ? {} : pick(variableValues ?? {}, variablesThatMatter(schema, document, operation));
  const viewer = viewerOf(identity);
  const text = JSON.stringify([numberOf(document), operationName, variables, viewer, way]);
  // Whatever a client's variables say: its name is short.
  return { name: createHash("sha256").update(text).digest("base64"), viewer };
}

const NUMBERS = new WeakMap<DocumentNode, number>();
let documents = 0;

/** Documents that were judged are kept: the same text is the same document. */
function numberOf(document: DocumentNode): number {
  const known = NUMBERS.get(document) ?? ++documents;
  NUMBERS.set(document, known);
  return known;
}

const MATTER = new WeakMap<OperationDefinitionNode, ReadonlySet<string>>();

function variablesThatMatter(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
  const known = MATTER.get(operation) ?? findThoseThatMatter(schema, document, operation);
  MATTER.set(operation, known);
  return known;
}

/** All that are used anywhere but as an argument of the subscription itself that tells where it begins. */
function findThoseThatMatter(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
  const beginnings = new Set<ASTNode>(beginningsOf(schema, operation));
  const found = new Set<string>();
  visit(document, {
    enter: (node) => {
      if (node.kind === Kind.VARIABLE) found.add(node.name.value);
      return node.kind === Kind.VARIABLE_DEFINITION || beginnings.has(node) ? false : undefined;
    },
  });
  return found;
}

function beginningsOf(schema: GraphQLSchema, { selectionSet }: OperationDefinitionNode): readonly ASTNode[] {
  const fields = schema.getSubscriptionType()?.getFields() ?? {};
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD) return [];
    const names = (fields[selection.name.value]?.extensions[EXTENSION] ?? []) as readonly string[];
    return (selection.arguments ?? []).filter(({ name }) => names.includes(name.value));
  });
}

/** One that is not given may have a default: that is not the same as null. */
function pick(variables: Variables, names: ReadonlySet<string>): Variables {
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([name]) => names.has(name))
      .sort(byName),
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
