import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Operator } from "../../platform/act";
import { Access } from "../../platform/graphql/access";
import { badInput, type InputPath } from "../../platform/graphql/errors";
import { operatorOf, type ReasonedInput } from "../../platform/graphql/reasoned";
import { AlreadyExists, NotFound, type Refusal } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import { createCreditType, creditTypeById, isCreditTypeName } from "../credit-types";
import { isPolicyOrder } from "../model/policy";
import type { WaterfallKey } from "../model/types";
import { openWallet } from "../open";
import { policyVersion, setPolicyOfCreditType, setPolicyOfWallet } from "../policies";
import { removeThreshold, setThreshold, type ThresholdAnswer } from "../thresholds";
import { ThresholdView } from "./alert.types";
import * as check from "./checks";
import {
  CreateCreditTypeInput,
  OpenWalletInput,
  RemoveAlertThresholdInput,
  SetAlertThresholdInput,
  SetPolicyInput,
} from "./operator-inputs.types";
import {
  CreateCreditTypePayload,
  OpenWalletPayload,
  RemoveAlertThresholdPayload,
  SetAlertThresholdPayload,
  SetPolicyPayload,
} from "./payload.types";
import { TooManyThresholds } from "./refusal.types";
import { callerOf, chooseAccount, findCreditType, visibleNumbered, visibleWallet } from "./request";
import { shownKey, showWallet, showWalletOf } from "./show.types";
import { forgetLoaded } from "./wallet.loaders";
import { CreditTypeView } from "./wallet.types";

const INPUT: InputPath = ["input"];

/** What belongs to the keeping of wallets, and moves no credits. */
@Resolver()
export class KeepingResolver {
  @Access("ADMIN", "CUSTOMER")
  @Mutation(() => SetAlertThresholdPayload, {
    description: "Has a wallet tell when its spendable balance falls to a level, and when it is above again.",
  })
  async setAlertThreshold(
    @Arg("input", () => SetAlertThresholdInput, { description: "Which wallet, and which level." }) input: SetAlertThresholdInput,
    @Ctx() context: RequestContext,
  ): Promise<SetAlertThresholdPayload> {
    const key = visibleWallet(context, input.walletId);
    const { unit } = await callerOf(context, key);
    const amount = check.positive(input.amount, unit, [...INPUT, "amount"]);
    const operator = actingOn(context, input);
    if (key === null) return noThreshold("walletId");
    return kept(context, await setThreshold(context.core, { ...key, unit }, amount, operator), "walletId");
  }

  @Access("ADMIN", "CUSTOMER")
  @Mutation(() => RemoveAlertThresholdPayload, { description: "Ends an alert threshold." })
  async removeAlertThreshold(
    @Arg("input", () => RemoveAlertThresholdInput, { description: "Which threshold." }) input: RemoveAlertThresholdInput,
    @Ctx() context: RequestContext,
  ): Promise<RemoveAlertThresholdPayload> {
    const operator = actingOn(context, input);
    const named = visibleNumbered(context, "threshold", input.thresholdId);
    if (named === null) return noThreshold("thresholdId");
    return kept(context, await removeThreshold(context.core, named.key, named.number, operator), "thresholdId");
  }

  @Access("ADMIN")
  @Mutation(() => CreateCreditTypePayload, {
    description: "Makes a unit of value. The same input again answers the one that there is.",
  })
  async createCreditType(
    @Arg("input", () => CreateCreditTypeInput, { description: "Its name and its defaults." }) input: CreateCreditTypeInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateCreditTypePayload> {
    const { name } = input;
    if (!isCreditTypeName(name)) {
      throw badInput("must be 1-64 characters of a-z, 0-9, '.', '_' and '-', beginning with a letter", [...INPUT, "name"]);
    }
    const terms = {
      name,
      policy: orderOf(input.policy),
      refundGrace: input.refundGrace ?? "P7D",
      expiryNotice: input.expiryNotice ?? "P3D",
      defaultExpiry: input.defaultExpiry ?? null,
    };
    const answer = await createCreditType(context.core, terms, operatorOf(context, input, INPUT));
    if (answer.status === "taken") return { creditType: null, created: false, refusal: new AlreadyExists("name") };
    return { creditType: new CreditTypeView(answer.creditType), created: answer.created, refusal: null };
  }

  @Access("ADMIN")
  @Mutation(() => OpenWalletPayload, {
    description: "Opens an account's wallet of a credit type. One that is open already is answered as it is.",
  })
  async openWallet(
    @Arg("input", () => OpenWalletInput, { description: "Which account, and which credit type." }) input: OpenWalletInput,
    @Ctx() context: RequestContext,
  ): Promise<OpenWalletPayload> {
    const keys = orderOf(input.policy);
    const by = operatorOf(context, input, INPUT);
    const { uuid, field } = await chooseAccount(context, input, INPUT);
    if (uuid === null) return notOpened(field);
    const creditType = await findCreditType(context, input.creditType);
    if (!creditType) return notOpened("creditType");
    const policy = keys && (await policyVersion(context.core, keys));
    const answer = await openWallet(context.core, uuid, creditType.id, by, policy);
    if (answer.status === "absent") return notOpened(field);
    forgetLoaded(context);
    return { wallet: await showWalletOf(context, answer.wallet.key, answer.wallet), opened: answer.opened, refusal: null };
  }

  @Access("ADMIN")
  @Mutation(() => SetPolicyPayload, {
    description: "Sets the order in which grants pay, for one wallet or for a credit type, from now on.",
  })
  async setPolicy(
    @Arg("input", () => SetPolicyInput, { description: "For what, and which order." }) input: SetPolicyInput,
    @Ctx() context: RequestContext,
  ): Promise<SetPolicyPayload> {
    const { walletId, creditType } = input;
    const keys = orderOf(input.policy);
    if ((walletId == null) === (creditType == null)) throw badInput("needs exactly one of walletId and creditType", INPUT);
    const by = operatorOf(context, input, INPUT);
    if (walletId != null) return setWalletPolicy(context, walletId, keys, by);
    if (keys === null) throw badInput("must be given for a credit type", [...INPUT, "policy"]);
    return setTypePolicy(context, creditType as string, keys, by);
  }
}

/** A customer sets its own thresholds, which is no operator's act. */
function actingOn(context: RequestContext, input: ReasonedInput): Operator | null {
  return context.identity.role === "ADMIN" ? operatorOf(context, input, INPUT) : null;
}

/** An order of all five keys; null when none is given. */
function orderOf(given: readonly WaterfallKey[] | null | undefined): readonly WaterfallKey[] | null {
  if (given == null) return null;
  if (isPolicyOrder(given)) return given;
  throw badInput("must have each of the five keys once", [...INPUT, "policy"]);
}

function notOpened(field: string): OpenWalletPayload {
  return { wallet: null, opened: false, refusal: new NotFound(field) };
}

async function setWalletPolicy(
  context: RequestContext,
  walletId: string,
  keys: readonly WaterfallKey[] | null,
  by: Operator,
): Promise<SetPolicyPayload> {
  const key = visibleWallet(context, walletId);
  if (key === null || !(await setPolicyOfWallet(context.core, key, keys, by))) return noPolicy(new NotFound("walletId"));
  forgetLoaded(context);
  return { wallet: await showWallet(context, key), creditType: null, refusal: null };
}

async function setTypePolicy(
  context: RequestContext,
  name: string,
  keys: readonly WaterfallKey[],
  by: Operator,
): Promise<SetPolicyPayload> {
  const { core } = context;
  const found = await findCreditType(context, name);
  if (!found || !(await setPolicyOfCreditType(core, found.id, keys, by))) return noPolicy(new NotFound("creditType"));
  forgetLoaded(context);
  const terms = await creditTypeById(core, found.id);
  return { wallet: null, creditType: terms && new CreditTypeView(terms), refusal: null };
}

function noPolicy(refusal: Refusal): SetPolicyPayload {
  return { wallet: null, creditType: null, refusal };
}

function noThreshold(field: string): SetAlertThresholdPayload {
  return { threshold: null, wallet: null, refusal: new NotFound(field) };
}

async function kept(context: RequestContext, answer: ThresholdAnswer, field: string): Promise<SetAlertThresholdPayload> {
  forgetLoaded(context);
  if (answer.status === "absent") return noThreshold(field);
  if (answer.status === "tooMany") return { threshold: null, wallet: null, refusal: new TooManyThresholds(answer.limit) };
  const { wallet, threshold } = answer;
  return {
    threshold: new ThresholdView(await shownKey(context, wallet.key), threshold),
    wallet: await showWalletOf(context, wallet.key, wallet),
    refusal: null,
  };
}
