import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { accountNow } from "../accounts";
import type { Instant } from "../core/time";
import { FIRST_UNIT, type Unit } from "../core/unit";
import { findPlan, type Plan, PlanView, planLoadersOf } from "../plans";
import type { Core } from "../platform/context";
import { Access, EVERYONE } from "../platform/graphql/access";
import { badInput, type InputPath } from "../platform/graphql/errors";
import { MoneyView } from "../platform/graphql/money";
import { type Connection, connectionOf, numberedList, readPage } from "../platform/graphql/paging";
import { operatorOf } from "../platform/graphql/reasoned";
import { EffectiveInPast, NotFound, type Refusal } from "../platform/graphql/refusal";
import type { RequestContext } from "../platform/graphql/request";
import { DateTimeScalar } from "../platform/graphql/scalars";
import { checkText } from "../platform/graphql/text";
import { CreditTypeView, creditTypeById, findCreditType, unitsOf, visibleAccount } from "../wallet";
import { creditPriceOf } from "./cover-cost";
import { type CreditPrice, EVERYBODY, type PriceOwner } from "./model/price-list";
import { readPrices } from "./model/read-prices";
import { creditWords } from "./model/words";
import { parsePriceVersionId, seesVersion } from "./price-access";
import { listVersions, pricesIn, priceTable } from "./price-tables";
import { PriceTableView, PriceVersionConnection, PriceVersionsArguments, PriceVersionView, PriceView } from "./prices.types";
import { PublishPricesInput, WithdrawPricesInput } from "./prices-inputs.types";
import { PublishPricesPayload, WithdrawPricesPayload } from "./prices-payloads.types";
import { AlreadyEffective, LaterVersionPlanned, PricesChanged, PricesNotValid } from "./prices-refusals.types";
import { type PublishAnswer, publishPrices } from "./publish-prices";
import { withdrawPrices } from "./withdraw-prices";

const INPUT: InputPath = ["input"];
const VERSIONS = numberedList("priceVersion");
const MOST_REASON_CHARACTERS = 1_000;
const MOST_APP_CHARACTERS = 255;
const MOST_NAME_CHARACTERS = 255;

/** What things cost: for people to read, and for the operator to set. */
@Resolver(() => PriceVersionView)
export class PricesResolver {
  @Access(...EVERYONE)
  @Query(() => PriceTableView, {
    nullable: true,
    description:
      "What every operation costs an account, in words and numbers; null when there is no such credit type, account or plan.",
    complexity: ({ childComplexity }) => 100 + 20 * childComplexity,
  })
  async priceTable(
    @Arg("creditType", () => String, { description: "The credit type, by name." }) name: string,
    @Arg("externalId", () => String, {
      nullable: true,
      description: "The account, by your own id; a customer's is always its own. None: what everybody pays.",
    })
    externalId: string | null | undefined,
    @Arg("app", () => ID, { nullable: true, description: "The app that it would be used by." }) app: string | null | undefined,
    @Arg("at", () => DateTimeScalar, { nullable: true, description: "As of this instant; now when not given." })
    at: Instant | null | undefined,
    @Arg("plan", () => String, {
      nullable: true,
      description: "As if on this plan, by its name; when not given, the plan that the account is on now, if any.",
    })
    planName: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<PriceTableView | null> {
    const accountId = externalId == null ? context.identity.accountId : await visibleAccount(context, externalId, ["externalId"]);
    const creditType = await findCreditType(context, name);
    const plan = planName == null ? undefined : await visiblePlan(context, planName, ["plan"]);
    if (!creditType || (externalId != null && accountId === null) || plan === null) return null;
    const payer = { accountId, app: context.identity.app ?? appOf(app, ["app"]), plan: plan?.id };
    const when = at ?? (await timeOfPayer(context.core, accountId));
    const table = await priceTable(context.core, creditType.id, payer, when);
    if (!table) return null;
    const { prices, rows } = table;
    const unit = (await unitsOf(context)).of(creditType.id);
    const creditPrice = inUnit(creditPriceOf(prices), unit);
    return {
      at: when,
      until: prices.until,
      prices: rows.map((price) => new PriceView(price, prices.book, unit)),
      creditPrice,
      creditWords: creditPrice && creditWords(creditPrice),
      versions: prices.versions.map((version) => new PriceVersionView(version)),
    };
  }

  @Access("ADMIN")
  @Query(() => PriceVersionConnection, {
    nullable: true,
    description:
      "The versions of a price list, the newest first, withdrawn ones among them; null when there is no such credit type, account or plan.",
  })
  async priceVersions(
    @Args(() => PriceVersionsArguments) { creditType, externalId, app, plan, ...page }: PriceVersionsArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<PriceVersionView> | null> {
    const request = readPage(VERSIONS, page);
    const { list } = await listOf(context, { creditType, externalId, app, plan }, []);
    if (!list) return null;
    const rows = await listVersions(context.core, list.creditTypeId, list.owner, { ...request, newestFirst: true });
    return connectionOf(VERSIONS, request, rows, {
      position: (version) => version.number,
      node: (version) => new PriceVersionView(version),
    });
  }

  @Access("ADMIN")
  @Mutation(() => PublishPricesPayload, {
    description: "Publishes a version of a price list: from its beginning on, all of the list is what this says.",
  })
  async publishPrices(
    @Arg("input", () => PublishPricesInput, { description: "Which list, from when on, and all of its prices." })
    input: PublishPricesInput,
    @Ctx() context: RequestContext,
  ): Promise<PublishPricesPayload> {
    const reason = input.reason == null || input.reason === "" ? null : reasonOf(input.reason);
    const { basedOn = null, effectiveFrom = null } = input;
    const unit = await unitOf(context, input.creditType);
    const creditPrice = input.creditPrice == null ? null : creditPriceIn(input.creditPrice, unit);
    if (input.prices.length === 0 && input.externalId == null && input.app == null && input.plan == null)
      throw badInput("must have a price: only an account's, app's or plan's own list may be emptied", [...INPUT, "prices"]);
    const { prices, problems } = readPrices(input.prices, unit);
    if (problems.length > 0) return refused(new PricesNotValid(problems));
    const { list, field } = await listOf(context, input, INPUT);
    if (!list) return refused(new NotFound(field));
    const version = { ...list, unit, basedOn, effectiveFrom, prices, creditPrice, reason };
    return published(await publishPrices(context.core, version, context.identity.actor));
  }

  @Access("ADMIN")
  @Mutation(() => WithdrawPricesPayload, { description: "Takes back a version of a price list that has not begun." })
  async withdrawPrices(
    @Arg("input", () => WithdrawPricesInput, { description: "Which version." }) input: WithdrawPricesInput,
    @Ctx() context: RequestContext,
  ): Promise<WithdrawPricesPayload> {
    const by = operatorOf(context, input, INPUT);
    const id = parsePriceVersionId(input.versionId);
    const answer = id === null ? ({ status: "absent" } as const) : await withdrawPrices(context.core, id, by);
    if (answer.status === "absent") return refused(new NotFound("versionId"));
    if (answer.status === "effective") return refused(new AlreadyEffective(answer.version));
    return { version: new PriceVersionView(answer.version), refusal: null };
  }

  @FieldResolver(() => CreditTypeView, { description: "The credit type that its prices are in." })
  async creditType(@Root() { version }: PriceVersionView, @Ctx() { core }: RequestContext): Promise<CreditTypeView | null> {
    const creditType = await creditTypeById(core, version.creditTypeId);
    return creditType && new CreditTypeView(creditType);
  }

  @FieldResolver(() => MoneyView, { nullable: true, description: "What one credit sells for, to give people an idea." })
  async creditPrice(@Root() { version }: PriceVersionView, @Ctx() context: RequestContext): Promise<MoneyView | null> {
    return inUnit(version.creditPrice, (await unitsOf(context)).of(version.creditTypeId));
  }

  @FieldResolver(() => PlanView, {
    nullable: true,
    description: "The plan that the list is for; null: for any, and for none.",
    complexity: ({ childComplexity }) => 2 + childComplexity,
  })
  async plan(@Root() { version }: PriceVersionView, @Ctx() context: RequestContext): Promise<PlanView | null> {
    const { owner } = version;
    const plan = owner.kind === "plan" ? await planLoadersOf(context).plans.load(owner.planId) : null;
    return plan && new PlanView(plan);
  }

  @FieldResolver(() => [PriceView], {
    description: "Its prices.",
    complexity: ({ childComplexity }) => 100 + 20 * childComplexity,
  })
  async prices(@Root() { version }: PriceVersionView, @Ctx() context: RequestContext): Promise<readonly PriceView[]> {
    if (!seesVersion(context, version)) return [];
    const { prices, book } = await pricesIn(context.core, version);
    const unit = (await unitsOf(context)).of(version.creditTypeId);
    return prices.map((price) => new PriceView(price, book, unit));
  }
}

/** What time it is for an account; for everybody (null), really. */
function timeOfPayer(core: Core, accountId: string | null): Instant | Promise<Instant> {
  return accountId === null ? core.clock.now() : accountNow(core, accountId);
}

/** The unit that the prices of a credit type are given in. Where there is no such type, they are looked through all the same. */
async function unitOf(context: RequestContext, creditType: string): Promise<Unit> {
  const found = await findCreditType(context, creditType);
  return found ? (await unitsOf(context)).of(found.id) : FIRST_UNIT;
}

function creditPriceIn({ amount: given, currency }: MoneyView, unit: Unit): CreditPrice {
  const path = [...INPUT, "creditPrice", "amount"];
  if (given.startsWith("-") || given === "0") throw badInput("must be more than 0", path);
  const amount = unit.readPriceOfOne(given);
  if (amount === null) throw badInput("has more digits than the price of a credit of the first unit may have", path);
  return { amount, currency };
}

function inUnit(price: CreditPrice | null, unit: Unit): MoneyView | null {
  return price && { amount: unit.priceOfOne(price.amount), currency: price.currency };
}

interface Named {
  readonly creditType: string;
  readonly externalId?: string | null | undefined;
  readonly app?: string | null | undefined;
  readonly plan?: string | null | undefined;
}

/** The list that an input names, or the field of it that names nothing. */
async function listOf(
  context: RequestContext,
  { creditType: name, externalId, app, plan: planName }: Named,
  path: InputPath,
): Promise<{ readonly list: { readonly creditTypeId: number; readonly owner: PriceOwner } | null; readonly field: string }> {
  const owners = [externalId, app, planName].filter((owner) => owner != null);
  if (owners.length > 1) throw badInput("needs one of externalId, app and plan, or none", path);
  const creditType = await findCreditType(context, name);
  if (!creditType) return { list: null, field: "creditType" };
  const creditTypeId = creditType.id;
  if (app != null)
    return { list: { creditTypeId, owner: { kind: "app", app: appOf(app, [...path, "app"]) as string } }, field: "app" };
  if (planName != null) {
    const plan = await visiblePlan(context, planName, [...path, "plan"]);
    return { list: plan && { creditTypeId, owner: { kind: "plan", planId: plan.id } }, field: "plan" };
  }
  if (externalId == null) return { list: { creditTypeId, owner: EVERYBODY }, field: "creditType" };
  const accountId = await visibleAccount(context, externalId, [...path, "externalId"]);
  return { list: accountId === null ? null : { creditTypeId, owner: { kind: "account", accountId } }, field: "externalId" };
}

/** The plan by a name; null when there is none, and for customers when it is off the market. */
async function visiblePlan({ core, identity }: RequestContext, name: string, path: InputPath): Promise<Plan | null> {
  const plan = await findPlan(core, checkText(name, { most: MOST_NAME_CHARACTERS }, path));
  return plan && (plan.retired === null || identity.role !== "CUSTOMER") ? plan : null;
}

function appOf(app: string | null | undefined, path: InputPath): string | null {
  if (app == null) return null;
  if (app.includes("*")) throw badInput("must not contain `*`: it is one app's name", path);
  return checkText(app, { least: 1, most: MOST_APP_CHARACTERS }, path);
}

function reasonOf(reason: string): string {
  return checkText(reason, { least: 1, most: MOST_REASON_CHARACTERS }, [...INPUT, "reason"]);
}

function published(answer: PublishAnswer): PublishPricesPayload {
  switch (answer.status) {
    case "done":
      return { version: new PriceVersionView(answer.version), refusal: null };
    case "changed":
      return refused(new PricesChanged(answer.latest));
    case "past":
      return refused(new EffectiveInPast(answer.now, "effectiveFrom"));
    case "planned":
      return refused(new LaterVersionPlanned(answer.planned));
    case "misfit":
      return refused(new PricesNotValid(answer.problems));
    case "absent":
      return refused(new NotFound("creditType"));
  }
}

function refused(refusal: Refusal) {
  return { version: null, refusal };
}
