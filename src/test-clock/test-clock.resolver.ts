import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { showAccount } from "../accounts";
import { Access } from "../platform/graphql/access";
import { badInput } from "../platform/graphql/errors";
import { operatorOf } from "../platform/graphql/reasoned";
import { NotFound, type Refusal } from "../platform/graphql/refusal";
import type { RequestContext } from "../platform/graphql/request";
import { chooseAccount, forgetLoaded } from "../wallet";
import { type AdvanceAnswer, advanceTestClock, type Way } from "./advance-test-clock";
import type { Passed } from "./pass-time";
import { type StartAnswer, startTestClock } from "./start-test-clock";
import { AdvanceTestClockInput, AdvanceTestClockPayload, StartTestClockInput, StartTestClockPayload } from "./test-clock.types";
import { ClockNotLater, ClockTooFar, HasPayments, NoTestClock } from "./test-clock-refusals.types";

const INPUT = ["input"];
/** Time may bring as much as a batch of spends. */
const COST = { complexity: ({ childComplexity }: { childComplexity: number }) => 100 + childComplexity };

@Resolver()
export class TestClockResolver {
  @Access("ADMIN")
  @Mutation(() => StartTestClockPayload, {
    ...COST,
    description:
      "Puts an account on a clock of its own, to try out what time brings: for good, and never one in which something was paid for. " +
      "An account that is on one already is answered as it is.",
  })
  async startTestClock(
    @Arg("input", () => StartTestClockInput, { description: "Which account, and when it begins." }) input: StartTestClockInput,
    @Ctx() context: RequestContext,
  ): Promise<StartTestClockPayload> {
    const operator = operatorOf(context, input, INPUT);
    const { uuid, field } = await chooseAccount(context, input, INPUT);
    if (uuid === null) return { ...refused(new NotFound(field)), started: false };
    const answer = await startTestClock(context.core, uuid, input.at ?? null, operator);
    if (answer.status !== "done") return { ...refused(refusalOf(answer, field)), started: false };
    return { ...(await passedIn(context, uuid, answer.passed)), started: answer.started };
  }

  @Access("ADMIN")
  @Mutation(() => AdvanceTestClockPayload, {
    ...COST,
    description:
      "Lets the time of an account on a test clock pass: all that falls due until then happens, in its order, each at its instant.",
  })
  async advanceTestClock(
    @Arg("input", () => AdvanceTestClockInput, { description: "Which account, and how far." }) input: AdvanceTestClockInput,
    @Ctx() context: RequestContext,
  ): Promise<AdvanceTestClockPayload> {
    const operator = operatorOf(context, input, INPUT);
    const way = wayOf(input);
    const { uuid, field } = await chooseAccount(context, input, INPUT);
    if (uuid === null) return refused(new NotFound(field));
    const answer = await advanceTestClock(context.core, uuid, way, operator);
    return answer.status === "done" ? passedIn(context, uuid, answer.passed) : refused(refusalOf(answer, field));
  }
}

function wayOf({ to, by }: AdvanceTestClockInput): Way {
  if (to != null && by == null) return { to };
  if (by != null && to == null) return { by };
  throw badInput("needs exactly one of to and by", INPUT);
}

/** What either payload tells. */
type Told = { readonly [Field in keyof AdvanceTestClockPayload]: AdvanceTestClockPayload[Field] };

/** What is shown of the account is read after its time has passed. */
async function passedIn(context: RequestContext, uuid: string, passed: Passed): Promise<Told> {
  forgetLoaded(context);
  const account = await showAccount(context, uuid);
  return { account, testClock: account.testClock, ...passed, refusal: null };
}

function refused(refusal: Refusal): Told {
  return { account: null, testClock: null, reached: false, transactions: 0, refusal };
}

type NotDone = Exclude<StartAnswer | AdvanceAnswer, { readonly status: "done" }>;

/** `field`: of the input, that names the account. */
function refusalOf(answer: NotDone, field: string): Refusal {
  switch (answer.status) {
    case "absent":
      return new NotFound(field);
    case "paid":
      return new HasPayments();
    case "none":
      return new NoTestClock();
    case "notLater":
      return new ClockNotLater(answer.now);
    case "tooFar":
      return new ClockTooFar(answer.latest);
  }
}
