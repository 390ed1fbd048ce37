import { Arg, Ctx, Query, Resolver } from "type-graphql";
import { Access, EVERYONE } from "../platform/graphql/access";
import type { InputPath } from "../platform/graphql/errors";
import type { RequestContext } from "../platform/graphql/request";
import { BalanceView } from "./balance.types";
import { reasonOfDraw } from "./entry-reason";
import { explanationOf } from "./explanation.types";
import { GrantView } from "./grant.types";
import { numberedId } from "./ids";
import type { Grant, Wallet } from "./model/types";
import { type Quote, quote } from "./quote";
import { type AllocationView, QuoteView } from "./quote.types";
import { callerOf, chooseWallet } from "./request";
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
    const command = quoteCommand(input, callerOf(context), INPUT);
    const { key } = await chooseWallet(context, input, INPUT);
    const written = key && (await loadersOf(context).wallets.load(key));
    if (!written) return noQuote(command.amount);
    const now = context.core.clock.now();
    const told = quote(written, command, now);
    return {
      wallet: new WalletView(written, now),
      amount: command.amount,
      affordable: told.shortfall === 0n,
      allocations: told.draws.map((draw) => allocationOf(told, draw, now)),
      shortfall: told.shortfall,
      balanceAfter: new BalanceView(told.balanceAfter),
      explanation: explanationOf(told.wallet, told.wallet.clockAt, command, command.amount),
    };
  }
}

function allocationOf({ wallet }: Quote, draw: Quote["draws"][number], now: bigint): AllocationView {
  const { key, policy } = wallet;
  const grant = grantIn(wallet, draw.grant);
  const before = draw.before === null ? null : grantIn(wallet, draw.before);
  return {
    grant: new GrantView(key, grant, now, wallet),
    amount: draw.amount,
    reason: reasonOfDraw({ policy, grant, before }, (number) => numberedId("grant", key, number)),
  };
}

function grantIn(wallet: Wallet, number: number): Grant {
  return wallet.grants.find((grant) => grant.number === number) as Grant;
}

function noQuote(amount: bigint): QuoteView {
  return { wallet: null, amount, affordable: false, allocations: [], shortfall: amount, balanceAfter: null, explanation: null };
}
