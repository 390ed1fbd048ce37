import { Arg, Ctx, Query, Resolver } from "type-graphql";
import type { Amount } from "../../core/amount";
import { addPeriods, type Instant, type Period } from "../../core/time";
import { FIRST_UNIT, type Unit } from "../../core/unit";
import type { Role } from "../../platform/authentication";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { badInput, forbidden, type InputPath } from "../../platform/graphql/errors";
import { NotFound } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import { reasonOfDraw } from "../entry-reason";
import { numberedId } from "../ids";
import type { Pricing, SpendCommand } from "../model/commands";
import type { Grant, Wallet, WalletKey } from "../model/types";
import { type Quote, quote } from "../quote";
import type { ShownKey } from "../units";
import { BalanceView } from "./balance.types";
import { explanationOf } from "./explanation.types";
import { GrantView } from "./grant.types";
import { NotPricedRefusal } from "./not-priced.types";
import { type AllocationView, QuoteView } from "./quote.types";
import { callerOf, chooseSpender } from "./request";
import { shownKey } from "./show.types";
import { showRefusal } from "./show-refusal.types";
import { quoteCommand } from "./use-commands";
import { QuoteInput } from "./use-inputs.types";
import { loadersOf } from "./wallet.loaders";
import { WalletView } from "./wallet.types";

const INPUT: InputPath = ["input"];

@Resolver()
export class QuoteResolver {
  @Access(...EVERYONE)
  @Query(() => QuoteView, {
    description: "What a use would come to now: which grants would pay, why in that order, and what would be left.",
  })
  async quote(
    @Arg("input", () => QuoteInput, { description: "How many credits, of which wallet, for what." }) input: QuoteInput,
    @Ctx() context: RequestContext,
  ): Promise<QuoteView> {
    const { key: named, field, member } = await chooseSpender(context, input, INPUT);
    const asked = quoteCommand(input, await callerOf(context, named), INPUT);
    const validity = validityOf(context.identity.role, input, INPUT);
    if (named === null) return { ...noQuote(asked.amount, FIRST_UNIT), key: null, maximum: null, refusal: new NotFound(field) };
    const key = await shownKey(context, named);
    const [written, cost] = await readAsked(context, { key, member }, asked, validity);
    const command = { ...asked, amount: cost.amount, pricing: null, member };
    if (!written) return { ...noQuote(cost.amount, key.unit), ...shownCost(cost, key.unit), key };
    const now = context.core.clock.now();
    const told = quote(written, command, now);
    const wallet = new WalletView(key, written, now);
    const refusal = cost.refusal ?? (told.barred && showRefusal(told.barred, { key, wallet: told.wallet, now: wallet.now }));
    return {
      ...shownCost(cost, key.unit),
      key,
      wallet,
      refusal,
      affordable: refusal === null && told.shortfall === 0n,
      allocations: told.draws.map((draw) => allocationOf(key, told, draw, wallet.now)),
      shortfall: key.unit.show(told.shortfall),
      missing: told.shortfall,
      balanceAfter: new BalanceView(told.balanceAfter, key.unit),
      explanation: explanationOf(key, told.wallet, told.wallet.clockAt, command, command.amount),
    };
  }
}

const LONGEST_VALIDITY = "P30D";

/** How long the quote is to be kept; null: it binds nobody. */
function validityOf(role: Role, { validFor, operation, amount }: QuoteInput, path: InputPath): Period | null {
  if (validFor == null) return null;
  if (role === "CUSTOMER") throw forbidden("A binding quote is given to applications, not to customers: leave validFor out.");
  if (amount != null || operation == null)
    throw badInput("needs an operation without an amount: only prices change", [...path, "validFor"]);
  if (addPeriods(0n, validFor, 1, "UTC") > addPeriods(0n, LONGEST_VALIDITY, 1, "UTC"))
    throw badInput("must be 30 days at most", [...path, "validFor"]);
  return validFor;
}

/** In the first unit. */
interface Cost extends Pick<QuoteView, "id" | "expiresAt" | "refusal" | "asked"> {
  readonly amount: Amount;
  readonly minimum: Amount;
  readonly maximum: Amount | null;
}

function shownCost({ amount, minimum, maximum, ...cost }: Cost, unit: Unit) {
  return { ...cost, amount: unit.show(amount), minimum: unit.show(minimum), maximum: unit.showMaybe(maximum) };
}

function namedCost(amount: bigint): Cost {
  return { id: null, expiresAt: null, amount, minimum: amount, maximum: amount, refusal: null, asked: null };
}

/** The wallet, and what is asked for costs, or may cost. Both are read at once, but where only the wallet tells what time it is for it. */
async function readAsked(
  context: RequestContext,
  { key, member }: { readonly key: WalletKey; readonly member: number | null },
  { amount, pricing }: SpendCommand,
  validFor: Period | null,
): Promise<readonly [Wallet | null, Cost]> {
  const { wallets, walletsOfMembers } = loadersOf(context);
  const reading = member === null ? wallets.load(key) : walletsOfMembers.load({ key, number: member });
  if (pricing === null) return [await reading, namedCost(amount)];
  const [wallet, cost] = await Promise.all([reading, priceNow(context, key, pricing, validFor, null)]);
  const clock = wallet?.testClock ?? null;
  return [wallet, clock === null ? cost : await priceNow(context, key, pricing, validFor, clock)];
}

/** What a use costs at this moment, or may cost: quoted is the most. `clock`: the account's test clock. */
async function priceNow(
  { core, identity }: RequestContext,
  { accountId, creditTypeId }: WalletKey,
  pricing: Pricing,
  validFor: Period | null,
  clock: Instant | null,
): Promise<Cost> {
  const isCustomer = identity.role === "CUSTOMER";
  const asked = { accountId, creditTypeId, ...pricing.question, ...pricing.use };
  const { minimum, maximum, by, refusal } = await core.pricer.price(asked, "LATEST", { notBefore: 0n, clock });
  const expiresAt = by && validFor !== null ? addPeriods(by.at, validFor, 1, "UTC") : null;
  return {
    id: by && expiresAt !== null ? await core.pricer.promise(asked, by, expiresAt) : null,
    expiresAt,
    amount: maximum ?? minimum,
    minimum,
    maximum,
    refusal: maximum === null && refusal ? new NotPricedRefusal({ code: "NOT_PRICED", ...refusal }, isCustomer) : null,
    asked: by && { ...asked, asOf: by },
  };
}

function allocationOf(key: ShownKey, { wallet }: Quote, draw: Quote["draws"][number], now: bigint): AllocationView {
  const { policy } = wallet;
  const grant = grantIn(wallet, draw.grant);
  const before = draw.before === null ? null : grantIn(wallet, draw.before);
  return {
    grant: new GrantView(key, grant, now, wallet),
    amount: key.unit.show(draw.amount),
    reason: reasonOfDraw({ policy, grant, before }, (number) => numberedId("grant", key, number)),
  };
}

function grantIn(wallet: Wallet, number: number): Grant {
  return wallet.grants.find((grant) => grant.number === number) as Grant;
}

/** There is no wallet to pay. */
function noQuote(amount: bigint, unit: Unit) {
  const nothing = { wallet: null, affordable: false, allocations: [], balanceAfter: null, explanation: null };
  return { ...nothing, ...shownCost(namedCost(amount), unit), shortfall: unit.show(amount), missing: amount };
}
