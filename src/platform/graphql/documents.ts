import { createHash } from "node:crypto";
import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  visit,
} from "graphql";
import type { Metrics } from "../context";
import type { Limits } from "../limits";
import { costOf, type PricedOperation, pricedOperation } from "./cost";
import { exceeded, scan } from "./document-limits";
import { ApiError, badRequest, type InputPath, RequestErrors, tooComplex } from "./errors";
import { Executor } from "./executor";
import type { OperationRequest, Variables } from "./operation-request";
import { Budget } from "./plan";

/** More help nobody, and each takes its time. */
const MOST_ERRORS = 5;

/** An operation that may be executed. */
export interface Admitted {
  readonly ok: true;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly type: OperationTypeNode;
  readonly variables: Variables;
  readonly cost: number;
  /** Of its document. */
  readonly tokens: number;
  /** Carries it out. */
  readonly executor: Executor;
}

export type Verdict = Admitted | { readonly ok: false; readonly errors: readonly Error[] };

interface KnownOperation {
  readonly priced: PricedOperation;
  readonly executor: Executor;
}

interface Known {
  readonly text: string;
  /** SHA-256 of its text, in hexadecimal. */
  readonly hash: string;
  readonly document: DocumentNode;
  readonly tokens: number;
  /** As many fields as it has tokens: so what is kept beside the documents is of their size. Plans that come to more are given up. */
  readonly budget: Budget;
  readonly operations: Map<string | null, KnownOperation>;
}

/**
 * The one judge of documents, for HTTP and WebSockets alike: what may be executed, and what it costs. Documents that were found good are
 * kept, least recently used ones leaving first. Nothing here overflows the stack or takes long, whatever comes in.
 */
export class Documents {
  /** By their texts, which they hold anyway: to hash one is quicker than to digest it. */
  readonly #known = new Map<string, Known>();
  readonly #byHash = new Map<string, Known>();
  #tokens = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: Limits,
    private readonly metrics: Pick<Metrics, "count">,
  ) {}

  /** Judges a request. Never throws for what a client can send. */
  judge({ query, operationName, variables }: OperationRequest): Verdict {
    try {
      const known = this.#look(query);
      const { priced, executor } = this.#operationOf(known, operationName);
      const cost = costOf(this.schema, priced, variables);
      if (cost > this.limits.cost)
        throw tooComplex(`The operation costs ${cost}, more than ${this.limits.cost}. Ask for fewer fields, or shorter lists.`, {
          cost,
          limit: this.limits.cost,
        });
      const { operation: type } = priced.operation;
      const { document, tokens } = known;
      return { ok: true, document, operationName, type, variables, cost, tokens, executor };
    } catch (error) {
      return { ok: false, errors: errorsOf(error) };
    }
  }

  /** A document that was judged before, by the SHA-256 of its text in hexadecimal. */
  find(hash: string): DocumentNode | undefined {
    return this.#byHash.get(hash)?.document;
  }

  #look(text: string): Known {
    const known = this.#known.get(text);
    if (known) {
      // To the end of the order of insertion: the first one is the least recently used.
      this.#known.delete(known.text);
      this.#known.set(known.text, known);
      return known;
    }
    this.metrics.count("documents_judged");
    const fresh = this.#examine(text);
    this.#keep(text, fresh);
    return fresh;
  }

  #examine(text: string): Known {
    const tokens = scan(text, this.limits);
    const document = parse(text, { maxTokens: this.limits.documentTokens });
    const tooMuch = exceeded(document, this.limits);
    if (tooMuch) throw tooMuch;
    const errors = validate(this.schema, document, specifiedRules, { maxErrors: MOST_ERRORS });
    if (errors.length > 0) throw new RequestErrors(errors.map((error) => withInputPath(document, error)));
    const hash = createHash("sha256").update(text).digest("hex");
    const operations: Known["operations"] = new Map();
    const budget = new Budget(tokens, () => {
      for (const { executor } of operations.values()) executor.giveUp();
    });
    return { text, hash, document, tokens, budget, operations };
  }

  #operationOf({ document, budget, operations }: Known, name: string | null): KnownOperation {
    const known = operations.get(name);
    if (known) return known;
    const operation = getOperationAST(document, name);
    if (!operation)
      throw badRequest(
        name === null
          ? "The document has several operations: say which one in operationName."
          : "The document has no operation with this operationName.",
      );
    const planned = () => this.metrics.count("operations_planned");
    const givenUp = () => this.metrics.count("plans_outgrown");
    const executor = new Executor({ schema: this.schema, document, operation, budget, planned, givenUp });
    const fresh = { priced: pricedOperation(document, operation), executor };
    operations.set(name, fresh);
    return fresh;
  }

  #keep(text: string, fresh: Known): void {
    this.#known.set(text, fresh);
    this.#byHash.set(fresh.hash, fresh);
    this.#tokens += fresh.tokens;
    for (const [oldest, { hash, tokens }] of this.#known) {
      if (this.#tokens <= this.limits.cachedTokens) return;
      this.#known.delete(oldest);
      this.#byHash.delete(hash);
      this.#tokens -= tokens;
    }
  }
}

function errorsOf(error: unknown): readonly Error[] {
  if (error instanceof RequestErrors) return error.errors;
  if (error instanceof GraphQLError || error instanceof ApiError) return [error];
  throw error;
}

/** The error of a rule of GraphQL; when it is about a value in the document, with where that stands in the arguments. */
function withInputPath(document: DocumentNode, error: GraphQLError): GraphQLError {
  const [node] = error.nodes ?? [];
  const inputPath = node === undefined ? [] : inputPathTo(document, node);
  if (inputPath.length === 0) return error;
  const told = new ApiError("BAD_USER_INPUT", error.message, { inputPath });
  return new GraphQLError(error.message, { nodes: error.nodes ?? null, originalError: told });
}

function inputPathTo(document: DocumentNode, target: ASTNode): InputPath {
  let found: InputPath = [];
  visit(document, {
    enter: (node, _key, _parent, keys) => {
      if (node !== target) return undefined;
      found = argumentsAlong(document, keys);
      return BREAK;
    },
  });
  return found;
}

/** The names of arguments and input fields, and the places in lists, that lie on the way into a document. */
function argumentsAlong(document: DocumentNode, keys: readonly (string | number)[]): InputPath {
  const names: (string | number)[] = [];
  let place: unknown = document;
  keys.forEach((key, index) => {
    place = (place as Record<string | number, unknown>)[key];
    const { kind, name } = place as { readonly kind?: Kind; readonly name?: { readonly value: string } };
    if (name && (kind === Kind.ARGUMENT || kind === Kind.OBJECT_FIELD)) names.push(name.value);
    else if (keys[index - 1] === "values") names.push(key);
  });
  return names;
}
