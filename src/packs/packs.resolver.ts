import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { fits } from "../core/ids";
import type { ShownAmount } from "../core/unit";
import { Access, EVERYONE } from "../platform/graphql/access";
import { forbidden, type InputPath } from "../platform/graphql/errors";
import { MoneyView } from "../platform/graphql/money";
import type { NodeLoader } from "../platform/graphql/node";
import { type Connection, connectionOf, numberedList, PageArguments, readPage } from "../platform/graphql/paging";
import { operatorOf } from "../platform/graphql/reasoned";
import { NotFound, type Refusal } from "../platform/graphql/refusal";
import type { RequestContext } from "../platform/graphql/request";
import { AmountScalar } from "../platform/graphql/scalars";
import { checkText } from "../platform/graphql/text";
import { CreditTypeView, credits, creditTypeById, findCreditType, unitsOf } from "../wallet";
import { creditPriceOf, type Pack, type PackVersion } from "./pack";
import { findPack, listPacks, listPackVersions, packVersion } from "./packs";
import { loadersOf } from "./packs.loaders";
import { PackConnection, PacksArguments, PackVersionConnection, PackVersionView, PackView } from "./packs.types";
import { PublishPackInput, PublishPackPayload, RetirePackInput, RetirePackPayload } from "./packs-inputs.types";
import { PackChanged, PackNotValid, PackRetired } from "./packs-refusals.types";
import { type PublishPackAnswer, publishPack } from "./publish-pack";
import { retirePack } from "./retire-pack";

const INPUT: InputPath = ["input"];
const PACKS = numberedList("pack");
const VERSIONS = numberedList("packVersion");
const NAME = { most: 255 };
const TITLE = { most: 255 };
const AMOUNT = { description: "How many credits it has." };
const CREDIT_PRICE = {
  description: "What one of its credits comes to, rounded to 12 digits after the point: to print `$0.08 a credit`.",
};
const COST = { complexity: ({ childComplexity }: { childComplexity: number }) => 2 + childComplexity };

/** What is for sale: for people to choose from, and for the operator to set. */
@Resolver(() => PackView)
export class PacksResolver {
  @Access(...EVERYONE)
  @Query(() => PackConnection, {
    nullable: true,
    description:
      "The packs that are for sale, the oldest first; null when there is no such credit type. Which of them an account may buy, it says.",
  })
  async packs(
    @Args(() => PacksArguments) { creditType: name, retired, ...page }: PacksArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<PackView> | null> {
    if (retired && context.identity.role === "CUSTOMER")
      throw forbidden("Retired packs are not for customers: leave retired out.");
    const request = readPage(PACKS, page);
    const creditType = name == null ? null : await findCreditType(context, name);
    if (name != null && !creditType) return null;
    const which = { creditTypeId: creditType?.id ?? null, retired: retired ?? false };
    const rows = await listPacks(context.core, which, { ...request, newestFirst: false });
    return connectionOf(PACKS, request, rows, { position: ({ id }) => id, node: (pack) => new PackView(pack) });
  }

  @Access(...EVERYONE)
  @Query(() => PackView, {
    nullable: true,
    description: "A pack by its name; null when there is none, and for customers when it is retired.",
  })
  async pack(
    @Arg("name", () => String, { description: "Its name." }) name: string,
    @Ctx() context: RequestContext,
  ): Promise<PackView | null> {
    return shown(context, await findPack(context.core, checkText(name, NAME, ["name"])));
  }

  @Access("ADMIN")
  @Mutation(() => PublishPackPayload, { description: "Publishes a version of a pack: from now on it is what this says." })
  async publishPack(
    @Arg("input", () => PublishPackInput, { description: "Which pack, and all that it is." }) input: PublishPackInput,
    @Ctx() context: RequestContext,
  ): Promise<PublishPackPayload> {
    const { actor, reason } = operatorOf(context, input, INPUT);
    const creditType = await findCreditType(context, input.creditType);
    if (!creditType) return refused(new NotFound("creditType"));
    const unit = (await unitsOf(context)).of(creditType.id);
    const amount = credits(input.amount, unit, [...INPUT, "amount"]);
    const { price, life = null, basedOn = null } = input;
    const terms = { unit, amount, price, life, priority: input.priority ?? 100, forEveryone: input.forEveryone ?? true };
    const name = checkText(input.name, NAME, [...INPUT, "name"]);
    const title = checkText(input.title, TITLE, [...INPUT, "title"]);
    return published(
      await publishPack(context.core, { name, title, creditTypeId: creditType.id, basedOn, reason, ...terms }, actor),
    );
  }

  @Access("ADMIN")
  @Mutation(() => RetirePackPayload, { description: "Takes a pack off the shelves, for good. What was bought of it stays." })
  async retirePack(
    @Arg("input", () => RetirePackInput, { description: "Which pack." }) input: RetirePackInput,
    @Ctx() context: RequestContext,
  ): Promise<RetirePackPayload> {
    const by = operatorOf(context, input, INPUT);
    const pack = await retirePack(context.core, checkText(input.name, NAME, [...INPUT, "name"]), by);
    return pack ? { pack: new PackView(pack), refusal: null } : refused(new NotFound("name"));
  }

  @FieldResolver(() => CreditTypeView, { ...COST, description: "The credit type of its credits." })
  async creditType(@Root() { pack }: PackView, @Ctx() { core }: RequestContext): Promise<CreditTypeView | null> {
    const creditType = await creditTypeById(core, pack.creditTypeId);
    return creditType && new CreditTypeView(creditType);
  }

  @FieldResolver(() => AmountScalar, AMOUNT)
  amount(@Root() { terms }: PackView, @Ctx() context: RequestContext): Promise<ShownAmount> {
    return amountIn(context, terms);
  }

  @FieldResolver(() => MoneyView, CREDIT_PRICE)
  creditPrice(@Root() { terms }: PackView, @Ctx() context: RequestContext): Promise<MoneyView> {
    return creditPriceIn(context, terms);
  }

  @Access("ADMIN")
  @FieldResolver(() => PackVersionConnection, { description: "Its versions, the newest first." })
  async versions(
    @Root() { pack }: PackView,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { core }: RequestContext,
  ): Promise<Connection<PackVersionView>> {
    const request = readPage(VERSIONS, page);
    const rows = await listPackVersions(core, pack.id, { ...request, newestFirst: true });
    return connectionOf(VERSIONS, request, rows, {
      position: ({ number }) => number,
      node: (version) => new PackVersionView(version),
    });
  }
}

@Resolver(() => PackVersionView)
export class PackVersionResolver {
  @FieldResolver(() => PackView, { ...COST, description: "The pack, as it is now." })
  async pack(@Root() { version }: PackVersionView, @Ctx() context: RequestContext): Promise<PackView | null> {
    const pack = await loadersOf(context).packs.load(version.packId);
    return pack && new PackView(pack);
  }

  @FieldResolver(() => AmountScalar, AMOUNT)
  amount(@Root() { terms }: PackVersionView, @Ctx() context: RequestContext): Promise<ShownAmount> {
    return amountIn(context, terms);
  }

  @FieldResolver(() => MoneyView, CREDIT_PRICE)
  creditPrice(@Root() { terms }: PackVersionView, @Ctx() context: RequestContext): Promise<MoneyView> {
    return creditPriceIn(context, terms);
  }
}

async function amountIn(context: RequestContext, { creditTypeId, amount }: PackVersion): Promise<ShownAmount> {
  return (await unitsOf(context)).of(creditTypeId).show(amount);
}

async function creditPriceIn(context: RequestContext, version: PackVersion): Promise<MoneyView> {
  return creditPriceOf(version, (await unitsOf(context)).of(version.creditTypeId));
}

/** Packs for `node`. */
export const packNode: NodeLoader = async (context, { numbers: [id = 0] }) =>
  shown(context, fits(id) ? await loadersOf(context).packs.load(id) : null);

/** Their versions: for whoever sees the pack the one that it is now; what it was is the operator's to see. */
export const packVersionNode: NodeLoader = async (context, { numbers: [id = 0] }) => {
  const version = fits(id) ? await packVersion(context.core, id) : null;
  const pack = version && shown(context, await loadersOf(context).packs.load(version.packId));
  const seen = pack && (context.identity.role === "ADMIN" || pack.terms.id === version?.id);
  return version && seen ? new PackVersionView(version) : null;
};

/** What is retired is not a customer's to see. */
function shown({ identity }: RequestContext, pack: Pack | null): PackView | null {
  return pack && (pack.retired === null || identity.role !== "CUSTOMER") ? new PackView(pack) : null;
}

function published(answer: PublishPackAnswer): PublishPackPayload {
  switch (answer.status) {
    case "done":
      return { pack: new PackView(answer.pack), refusal: null };
    case "changed":
      return refused(new PackChanged(answer.pack));
    case "retired":
      return refused(new PackRetired(answer.pack));
    case "misfit":
      return refused(new PackNotValid(answer.problems));
  }
}

function refused(refusal: Refusal) {
  return { pack: null, refusal };
}
