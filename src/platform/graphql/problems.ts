import { ObjectType } from "type-graphql";
import type { Problem } from "../../core/problem";
import { Access, EVERYONE } from "./access";
import { RefusalView } from "./refusal";
import { Shown } from "./shown";

/** What is wrong with an input that is well-formed: all of it at once, so that it is mended in one go. */

const MOST_PROBLEMS = 100;

@Access(...EVERYONE)
@ObjectType("InputProblem", { simpleResolvers: true, description: "Something that is wrong with an input, and where." })
export class ProblemView {
  constructor(private readonly problem: Problem) {}

  @Shown(() => [String], "The way to it within the input, such as `prices`, `3`, `meters`, `0`, `rate`.")
  get path(): readonly string[] {
    return this.problem.path.map(String);
  }

  @Shown(() => String, "What is wrong, and what to do.")
  get message(): string {
    return this.problem.message;
  }
}

/** The refusal of an input for what is wrong with it: at least one problem, paths from the input on. Concrete types extend it. */
@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
export abstract class NotValidView extends RefusalView {
  constructor(private readonly found: readonly Problem[]) {
    super();
  }

  get message(): string {
    const [first] = this.found;
    const others = this.found.length - 1;
    const rest = others > 0 ? ` (and ${others} more: see problems)` : "";
    return `${first?.message ?? ""}${rest}`;
  }

  @Shown(() => [ProblemView], "All that is wrong; of more than a hundred, the first hundred.")
  get problems(): readonly ProblemView[] {
    return this.found.slice(0, MOST_PROBLEMS).map((problem) => new ProblemView(problem));
  }
}
