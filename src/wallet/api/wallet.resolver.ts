import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import type { Instant } from "../../core/time";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { badInput } from "../../platform/graphql/errors";
import { type Connection, connectionOf, PageArguments, readPage } from "../../platform/graphql/paging";
import type { RequestContext } from "../../platform/graphql/request";
import { DateTimeScalar } from "../../platform/graphql/scalars";
import { creditTypeById, listCreditTypes } from "../credit-types";
import type { Interval, UsageDimension } from "../usage";
import { AlertView } from "./alert.types";
import { BalanceView } from "./balance.types";
import * as check from "./checks";
import { IntervalEnum, UsageDimensionEnum } from "./enums.types";
import { PolicyView } from "./explanation.types";
import { GrantView } from "./grant.types";
import { HoldView } from "./hold.types";
import * as lists from "./lists.types";
import { chooseWallet, visibleWallet } from "./request";
import { showWallet } from "./show.types";
import { TransactionView } from "./transaction.types";
import { loadersOf, readings } from "./wallet.loaders";
import { CreditTypeView, UsageRowView, WalletView } from "./wallet.types";

const HOUR = 3_600_000_000n;
const LENGTHS: Readonly<Record<Interval, bigint>> = { HOUR, DAY: 24n * HOUR, WEEK: 168n * HOUR, MONTH: 720n * HOUR };
/** About three years of days, or six weeks of hours. */
const MOST_STEPS = 1_000n;

function checkSpan(from: Instant, to: Instant, interval: Interval | null | undefined): void {
  if (to <= from) throw badInput("must be later than from", ["to"]);
  if (interval != null && (to - from) / LENGTHS[interval] > MOST_STEPS)
    throw badInput(`must leave at most ${MOST_STEPS} steps`, ["interval"]);
}

@Resolver(() => WalletView)
export class WalletResolver {
  @Access(...EVERYONE)
  @Query(() => WalletView, {
    nullable: true,
    description: "A wallet by its id; null when there is none, or it is not yours to see.",
  })
  wallet(@Arg("id", () => ID, { description: "Its id." }) id: string, @Ctx() context: RequestContext) {
    const key = visibleWallet(context, id);
    return key && showWallet(context, key);
  }

  @Access(...EVERYONE)
  @Query(() => WalletView, {
    nullable: true,
    description: "An account's wallet of a credit type; null when there is none, or it is not yours to see.",
  })
  async walletOf(
    @Arg("externalId", () => String, { description: "The account, by your own id." }) externalId: string,
    @Arg("creditType", () => String, { description: "The credit type, by name." }) creditType: string,
    @Ctx() context: RequestContext,
  ) {
    const { key } = await chooseWallet(context, { externalId, creditType }, []);
    return key && showWallet(context, key);
  }

  @Access(...EVERYONE)
  @Query(() => [CreditTypeView], { description: "All credit types, the oldest first." })
  async creditTypes(@Ctx() { core }: RequestContext): Promise<readonly CreditTypeView[]> {
    return (await listCreditTypes(core)).map((terms) => new CreditTypeView(terms));
  }

  @FieldResolver(() => CreditTypeView, { description: "What its credits are." })
  async creditType(@Root() { key }: WalletView, @Ctx() { core }: RequestContext): Promise<CreditTypeView | null> {
    const terms = await creditTypeById(core, key.creditTypeId);
    return terms && new CreditTypeView(terms);
  }

  @FieldResolver(() => BalanceView, {
    description:
      "What it held at an instant of the past, from the ledger; at one to come: what will be left if nothing is spent.",
    complexity: ({ childComplexity }) => 10 + childComplexity,
  })
  async balanceAt(
    @Root() { key }: WalletView,
    @Arg("time", () => DateTimeScalar, { description: "The instant." }) time: Instant,
    @Ctx() context: RequestContext,
  ): Promise<BalanceView | null> {
    const balance = await readings.balanceAt(context, key, time);
    return balance && new BalanceView(balance, key.unit);
  }

  @FieldResolver(() => lists.GrantConnection, { description: "Its grants." })
  async grants(
    @Root() { key, now }: WalletView,
    @Args(() => lists.GrantsArguments) { order, status, kind, ...page }: lists.GrantsArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<GrantView>> {
    const request = readPage(lists.GRANTS, page);
    const read = order === "CREATED" ? readings.grants : readings.grantsByConsumption;
    const rows = await read(context, key, { statuses: status ?? null, kinds: kind ?? null }, lists.windowOf(request), now);
    const node = (grant: GrantView["grant"]) => new GrantView(key, grant, now);
    return connectionOf(lists.GRANTS, request, rows, { position: (grant) => grant.number, node });
  }

  @FieldResolver(() => lists.TransactionConnection, {
    description: "Its history, oldest first: ask for the `last` ones to begin at the end.",
  })
  async transactions(
    @Root() { key, now }: WalletView,
    @Args(() => lists.TransactionsArguments) { filter, ...page }: lists.TransactionsArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<TransactionView>> {
    const request = readPage(lists.TRANSACTIONS, page);
    const { app: boundTo } = context.identity;
    const asked = {
      types: filter?.type ?? null,
      operation: check.optionalName(filter?.operation, ["filter", "operation"]),
      app: boundTo ?? check.optionalName(filter?.app, ["filter", "app"]),
      member: await memberOf(context, key.accountId, filter?.member),
      from: filter?.from ?? null,
      to: filter?.to ?? null,
      minimum: filter?.minimum == null ? null : check.credits(filter.minimum, key.unit, ["filter", "minimum"]),
    };
    const rows = await readings.transactions(context, key, asked, lists.windowOf(request));
    const node = (transaction: TransactionView["transaction"]) => new TransactionView(key, transaction, now);
    return connectionOf(lists.TRANSACTIONS, request, rows, { position: (transaction) => transaction.sequence, node });
  }

  @FieldResolver(() => lists.HoldConnection, { description: "Its holds, oldest first." })
  async holds(
    @Root() { key, now }: WalletView,
    @Args(() => lists.HoldsArguments) { status, ...page }: lists.HoldsArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<HoldView>> {
    const request = readPage(lists.HOLDS, page);
    const rows = await readings.holds(context, key, status ?? null, context.identity.app, lists.windowOf(request), now);
    const node = (hold: HoldView["hold"]) => new HoldView(key, hold, now);
    return connectionOf(lists.HOLDS, request, rows, { position: (hold) => hold.sequence, node });
  }

  @FieldResolver(() => lists.AlertConnection, { description: "Its alerts, oldest first." })
  async alerts(
    @Root() { key }: WalletView,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<AlertView>> {
    const request = readPage(lists.ALERTS, page);
    const rows = await readings.alerts(context, key, lists.windowOf(request));
    const node = (alert: AlertView["alert"]) => new AlertView(key, alert);
    return connectionOf(lists.ALERTS, request, rows, { position: (alert) => alert.number, node });
  }

  @FieldResolver(() => [UsageRowView], {
    description: "What was used of it, added up. By when it happened: `occurredAt`, else `effectiveAt`.",
    complexity: ({ childComplexity }) => 100 + 20 * childComplexity,
  })
  async usage(
    @Root() { key }: WalletView,
    @Arg("from", () => DateTimeScalar, { description: "From this instant on." }) from: Instant,
    @Arg("to", () => DateTimeScalar, { description: "Before this instant." }) to: Instant,
    @Arg("groupBy", () => [UsageDimensionEnum], { description: "What to keep apart; an empty list adds up everything." })
    groupBy: UsageDimension[],
    @Arg("interval", () => IntervalEnum, {
      nullable: true,
      description: "A row for each such step of the calendar; one for the whole span when not given.",
    })
    interval: Interval | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<readonly UsageRowView[]> {
    checkSpan(from, to, interval);
    const { app: boundTo } = context.identity;
    // A key that is bound to an app sees that app's usage only: it is kept apart, and the rest left out.
    const dimensions: UsageDimension[] = boundTo === null ? groupBy : [...groupBy, "APP"];
    const rows = await readings.usage(context, key, { from, to, groupBy: dimensions, interval: interval ?? null });
    const own = boundTo === null ? rows : rows.filter((row) => row.app === boundTo);
    return own.map((row) => ({ ...row, amount: key.unit.show(row.amount) }));
  }
}

/** No member has it: whoever is not there has no transactions. */
const NOBODY = 0;

/** The number of the member that a filter names; null: it names none. */
async function memberOf(context: RequestContext, accountId: string, member: string | null | undefined): Promise<number | null> {
  if (member == null) return null;
  const externalId = check.text(member, check.MOST_NAME_CHARACTERS, ["filter", "member"]);
  return (await loadersOf(context).memberNumbers.load({ accountId, externalId })) ?? NOBODY;
}

@Resolver(() => CreditTypeView)
export class CreditTypeResolver {
  @FieldResolver(() => PolicyView, { description: "The order in which grants pay, in wallets that have none of their own." })
  policy(@Root() { terms }: CreditTypeView, @Ctx() context: RequestContext): Promise<PolicyView | null> {
    return loadersOf(context).policies.load(terms.policy);
  }
}
