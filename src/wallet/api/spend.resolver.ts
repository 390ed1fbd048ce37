import type { ComplexityEstimatorArgs } from "graphql-query-complexity";
import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { FIRST_UNIT } from "../../core/unit";
import { readUse, writeUse } from "../../core/use-text";
import { Access } from "../../platform/graphql/access";
import { badInput, type InputPath } from "../../platform/graphql/errors";
import { NotFound } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import type { Numbered } from "../ids";
import type { CaptureCommand, SpendCommand, WalletCommand } from "../model/commands";
import type { Transaction } from "../model/types";
import { type Moved, moved, notMoved, shortfallOf } from "./moves.types";
import {
  CaptureHoldPayload,
  ExtendHoldPayload,
  HoldCreditsPayload,
  RefundSpendPayload,
  ReleaseHoldPayload,
  SpendPayload,
} from "./payload.types";
import { callerOf, chooseSpender, commandOf, pricedFor, type Spender, submitFor, visibleNumbered } from "./request";
import {
  type Caller,
  captureCommand,
  extendCommand,
  holdCommand,
  refundCommand,
  releaseCommand,
  spendCommand,
} from "./use-commands";
import {
  CaptureHoldInput,
  ExtendHoldInput,
  HoldCreditsInput,
  RefundSpendInput,
  ReleaseHoldInput,
  SpendInput,
} from "./use-inputs.types";
import { loadersOf } from "./wallet.loaders";

const INPUT: InputPath = ["input"];
const NOTHING = FIRST_UNIT.show(0n);
/** As many as the largest batch takes in one go. */
const MOST_SPENDS = 1_000;

/** The answers to spends are made of what is in memory already: they cost a quarter of what is read. */
function costOfBatch({ args, childComplexity }: ComplexityEstimatorArgs): number {
  const size = Array.isArray(args["input"]) ? args["input"].length : 1;
  return 1 + size * Math.ceil(childComplexity / 4);
}

/** What applications do: use credits, or set them aside first. */
@Resolver()
export class SpendResolver {
  @Access("ADMIN", "SERVICE")
  @Mutation(() => SpendPayload, { description: "Uses credits: the wallet's grants pay by the waterfall, all of it or nothing." })
  spend(
    @Arg("input", () => SpendInput, { description: "How many, of which wallet, for what." }) input: SpendInput,
    @Ctx() context: RequestContext,
  ): Promise<SpendPayload> {
    return spendOne(context, input, INPUT);
  }

  @Access("ADMIN", "SERVICE")
  @Mutation(() => [SpendPayload], {
    description:
      "Many spends at once, in order; each is answered for itself. Input that is malformed anywhere has nothing done. Quicker than as many requests.",
    complexity: costOfBatch,
  })
  async spendBatch(
    @Arg("input", () => [SpendInput], { description: "1-1000 spends." }) input: SpendInput[],
    @Ctx() context: RequestContext,
  ): Promise<readonly SpendPayload[]> {
    if (input.length < 1 || input.length > MOST_SPENDS) throw badInput(`must have 1 to ${MOST_SPENDS} spends`, INPUT);
    // All wallets are found before the first is sent: looking one up takes its time, and would let later ones go before.
    const spenders = await Promise.all(input.map((one, index) => chooseSpender(context, one, [...INPUT, index])));
    const callers = await Promise.all(spenders.map(({ key }) => callerOf(context, key)));
    // All are checked before the first is sent: what is malformed has nothing done.
    const commands = input.map((one, index) => spendCommand(one, callers[index] as Caller, [...INPUT, index]));
    // And priced: some prices take longer to find than others.
    const priced = await Promise.all(commands.map((command, index) => pricedFor(context, spenders[index]?.key ?? null, command)));
    return Promise.all(priced.map((command, index) => spendFrom(context, spenders[index] as Spender, command)));
  }

  @Access("ADMIN", "SERVICE")
  @Mutation(() => HoldCreditsPayload, {
    description: "Sets credits aside, by the waterfall, until the hold is captured, released, or expires.",
  })
  async holdCredits(
    @Arg("input", () => HoldCreditsInput, { description: "How many, of which wallet, for what, and for how long." })
    input: HoldCreditsInput,
    @Ctx() context: RequestContext,
  ): Promise<HoldCreditsPayload> {
    const spender = await chooseSpender(context, input, INPUT);
    const { key, field } = spender;
    const command = holdCommand(input, await callerOf(context, key), INPUT);
    if (key === null) return { ...notMoved(new NotFound(field)), shortfall: NOTHING };
    const answer = await submitFor(context, key, commandOf(command, spender));
    return { ...(await moved(context, answer, field)), shortfall: await shortfallOf(context, answer) };
  }

  @Access("ADMIN", "SERVICE")
  @Mutation(() => CaptureHoldPayload, { description: "Uses held credits, in the order in which they were set aside." })
  async captureHold(
    @Arg("input", () => CaptureHoldInput, { description: "Which hold, and how much of it." }) input: CaptureHoldInput,
    @Ctx() context: RequestContext,
  ): Promise<CaptureHoldPayload> {
    const named = visibleNumbered(context, "hold", input.holdId);
    const command = captureCommand(input, named ?? NOWHERE, await callerOf(context, named?.key ?? null), INPUT);
    const made = named && command.pricing ? await loadersOf(context).transactions.load(named) : null;
    return onNumbered(context, named, made ? pricedAsHeld(command, made, input.surcharges == null) : command, "holdId");
  }

  @Access("ADMIN", "SERVICE")
  @Mutation(() => ExtendHoldPayload, { description: "Moves a hold's expiry to a later instant." })
  extendHold(
    @Arg("input", () => ExtendHoldInput, { description: "Which hold, and until when." }) input: ExtendHoldInput,
    @Ctx() context: RequestContext,
  ): Promise<ExtendHoldPayload> {
    return onHold(context, input, (hold, caller) => extendCommand(input, hold, caller, INPUT));
  }

  @Access("ADMIN", "SERVICE")
  @Mutation(() => ReleaseHoldPayload, { description: "Ends a hold: all that is still held goes back." })
  releaseHold(
    @Arg("input", () => ReleaseHoldInput, { description: "Which hold." }) input: ReleaseHoldInput,
    @Ctx() context: RequestContext,
  ): Promise<ReleaseHoldPayload> {
    return onHold(context, input, (hold, caller) => releaseCommand(input, hold, caller, INPUT));
  }

  @Access("ADMIN", "SERVICE")
  @Mutation(() => RefundSpendPayload, {
    description: "Gives back what a spend or capture took, to the grants that paid, last drawn first.",
  })
  async refundSpend(
    @Arg("input", () => RefundSpendInput, { description: "Which transaction, and how much of it." }) input: RefundSpendInput,
    @Ctx() context: RequestContext,
  ): Promise<RefundSpendPayload> {
    const spend = visibleNumbered(context, "transaction", input.transactionId);
    const command = refundCommand(input, spend ?? NOWHERE, await callerOf(context, spend?.key ?? null), INPUT);
    return onNumbered(context, spend, command, "transactionId");
  }
}

/** Stands for what is not there, so that malformed input is told whether or not it is. */
const NOWHERE: Numbered = { key: { accountId: "", creditTypeId: 0 }, number: 0 };

async function spendOne(context: RequestContext, input: SpendInput, path: InputPath): Promise<SpendPayload> {
  const spender = await chooseSpender(context, input, path);
  return spendFrom(context, spender, spendCommand(input, await callerOf(context, spender.key), path));
}

async function spendFrom(context: RequestContext, spender: Spender, command: SpendCommand): Promise<SpendPayload> {
  const { key, field } = spender;
  if (key === null) return Object.assign(notMoved(new NotFound(field)), { shortfall: NOTHING });
  const answer = await submitFor(context, key, commandOf(command, spender));
  // Added, not spread: that takes a microsecond more, a hundred times in a batch.
  return Object.assign(await moved(context, answer, field), { shortfall: await shortfallOf(context, answer) });
}

/**
 * What is captured by quantities costs what it cost when it was set aside; by the prices of now if those were not asked then. A hold for no
 * operation has no price.
 */
function pricedAsHeld(command: CaptureCommand, held: Transaction, withSurcharges: boolean): CaptureCommand {
  const { pricing } = command;
  if (!pricing) return command;
  const { operation, app, priced, quantity } = held;
  const surcharges = withSurcharges ? readUse(quantity).surcharges : pricing.use.surcharges;
  const use = { ...pricing.use, surcharges, asOf: priced && { at: priced.at, revision: priced.revision, plan: priced.plan } };
  return { ...command, quantity: writeUse(use), pricing: { ...pricing, question: { operation: operation ?? "", app }, use } };
}

async function onHold(
  context: RequestContext,
  { holdId }: { readonly holdId: string },
  commandOn: (hold: Numbered, caller: Caller) => WalletCommand,
): Promise<Moved> {
  const hold = visibleNumbered(context, "hold", holdId);
  const caller = await callerOf(context, hold?.key ?? null);
  return onNumbered(context, hold, commandOn(hold ?? NOWHERE, caller), "holdId");
}

async function onNumbered(
  context: RequestContext,
  named: Numbered | null,
  command: WalletCommand,
  field: string,
): Promise<Moved> {
  if (named === null) return notMoved(new NotFound(field));
  return moved(context, await submitFor(context, named.key, command), field);
}
