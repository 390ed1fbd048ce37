import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from "graphql";
import { type Budget, type Plan, planOf } from "./plan";
import { carryOut } from "./plan-execution";
import { type VariablesReader, variablesReader } from "./plan-variables";

/** A plan takes as long as some ten executions: what comes once or twice is not worth one. */
const EXECUTIONS_BEFORE_A_PLAN = 3;

interface Planned {
  readonly plan: Plan;
  readonly read: VariablesReader;
}

/** Known of what is executed: a valid document, one operation of it, and how many fields its plans may still have. */
interface Executable {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly budget: Budget;
  /** Called when there is a plan, and when it was given up: once at most, each. */
  readonly planned: () => void;
  readonly givenUp: () => void;
}

/**
 * Executes one operation, as often as it comes: the first times by graphql-js, then by a plan of its own, if one can be made. Either way
 * the answer is that of graphql-js. It is kept with its document, and leaves with it, or as soon as the plans of the document have outgrown it.
 */
export class Executor {
  #executions = 0;
  #planned: Planned | null = null;

  constructor(private readonly executable: Executable) {}

  /** As graphql-js's `execute`, for this operation. */
  execute(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
    this.#executions += 1;
    if (this.#executions === EXECUTIONS_BEFORE_A_PLAN + 1) this.#planned = this.#makePlan();
    // What is wrong with variables, graphql-js tells: nothing has been carried out by then.
    const variables = this.#planned?.read(args.variableValues ?? {}) ?? null;
    if (this.#planned === null || variables === null) return execute(args);
    return carryOut(this.#planned.plan, args, variables);
  }

  /** Leaves it to graphql-js from now on; what is being carried out goes on. */
  giveUp(): void {
    if (this.#planned === null) return;
    this.#planned = null;
    this.executable.givenUp();
  }

  #makePlan(): Planned | null {
    const { schema, document, operation, budget, planned } = this.executable;
    const plan = budget.isSpent ? null : planOf(schema, operation, fragmentsOf(document), budget);
    if (plan === null || budget.isSpent) return null;
    planned();
    return { plan, read: variablesReader(schema, operation) };
  }
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  return fragments;
}
