import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { assert } from "../../core/assert";
import { maySee, type RequestContext } from "../../platform/graphql/request";
import { holdSequence } from "../batch";
import { isDrawn, reasonOfDraw, reasonOfMove } from "../entry-reason";
import { numberedId } from "../ids";
import type { Grant, Policy, Transaction } from "../model/types";
import { drawnUseOf } from "../transaction-facts";
import { ExplanationView, explanationOf } from "./explanation.types";
import { GrantView } from "./grant.types";
import { HoldView } from "./hold.types";
import { showGrantOf, showHold, showTransaction, showWalletOf } from "./show.types";
import { EntryView, TransactionView } from "./transaction.types";
import { loadersOf, readings } from "./wallet.loaders";
import { WalletView } from "./wallet.types";

@Resolver(() => TransactionView)
export class TransactionResolver {
  @FieldResolver(() => WalletView, { description: "The wallet that it changed." })
  wallet(@Root() { key, known }: TransactionView, @Ctx() context: RequestContext): Promise<WalletView> {
    return showWalletOf(context, key, known);
  }

  @FieldResolver(() => TransactionView, {
    nullable: true,
    description:
      "The transaction that it follows up: the spend that was refunded, the HOLD that was captured, released or extended.",
  })
  relatesTo(
    @Root() { key, transaction }: TransactionView,
    @Ctx() context: RequestContext,
  ): Promise<TransactionView | null> | null {
    const { relatesTo } = transaction;
    return relatesTo === null ? null : showTransaction(context, { key, number: relatesTo });
  }

  @FieldResolver(() => HoldView, {
    nullable: true,
    description: "The hold that it made, extended, captured or released, as it is now.",
  })
  hold(@Root() { key, transaction }: TransactionView, @Ctx() context: RequestContext): Promise<HoldView | null> | null {
    const number = holdSequence(transaction);
    return number === null ? null : showHold(context, { key, number });
  }

  @FieldResolver(() => TransactionView, {
    nullable: true,
    description: "For a TRANSFER: the transaction on the other side; null when that account is not yours to see.",
  })
  counterpart(@Root() { transaction }: TransactionView, @Ctx() context: RequestContext): Promise<TransactionView | null> | null {
    const { counterpart } = transaction;
    if (counterpart === null || !maySee(context, counterpart.accountId)) return null;
    const { accountId, creditTypeId, sequence } = counterpart;
    return showTransaction(context, { key: { accountId, creditTypeId }, number: sequence });
  }

  @FieldResolver(() => ExplanationView, {
    nullable: true,
    description:
      "How the waterfall chose the grants that paid: judged again on the wallet as it was just before. Null when nothing was chosen: what is captured was chosen by its hold, which `relatesTo` names.",
    // Each is read for itself, with several statements.
    complexity: ({ childComplexity }) => 50 + childComplexity,
  })
  async explanation(
    @Root() { key, transaction }: TransactionView,
    @Ctx() context: RequestContext,
  ): Promise<ExplanationView | null> {
    const drawn = drawnUseOf(transaction);
    if (drawn === null) return null;
    const before = await readings.stateBefore(context, key, transaction.sequence);
    return before && explanationOf(key, before, transaction.effectiveAt, drawn.use, drawn.amount);
  }
}

@Resolver(() => EntryView)
export class EntryResolver {
  @FieldResolver(() => GrantView, { description: "The grant whose credits moved, as it is now." })
  grant(@Root() { key, entry, within }: EntryView, @Ctx() context: RequestContext): Promise<GrantView> {
    return showGrantOf(context, { key, number: entry.grant }, within?.known);
  }

  @FieldResolver(() => TransactionView, {
    nullable: true,
    description: "The transaction that it is part of; null for a key that is bound to an app, unless it is that app's.",
  })
  transaction(
    @Root() { key, sequence, within }: EntryView,
    @Ctx() context: RequestContext,
  ): Promise<TransactionView | null> | TransactionView {
    return within ?? showTransaction(context, { key, number: sequence });
  }

  @FieldResolver(() => String, {
    description: "Why: for credits that the waterfall took, what put this grant before the next one; else what the move means.",
  })
  async reason(@Root() view: EntryView, @Ctx() context: RequestContext): Promise<string> {
    const { key, entry, sequence, within } = view;
    const known = within?.known ?? null;
    const transaction = within?.transaction ?? (await loadersOf(context).transactions.load({ key, number: sequence }));
    assert(transaction, "an entry is part of a transaction");
    const { grant } = await showGrantOf(context, { key, number: entry.grant }, known);
    if (!isDrawn(transaction, entry)) return reasonOfMove(entry, grant.kind);
    const before: Grant | null =
      entry.before === null ? null : (await showGrantOf(context, { key, number: entry.before }, known)).grant;
    const policy = await policyOf(context, transaction, known?.policy ?? null);
    return reasonOfDraw({ policy, grant, before }, (number) => numberedId("grant", key, number));
  }
}

async function policyOf(context: RequestContext, { policy: version }: Transaction, known: Policy | null): Promise<Policy> {
  if (known?.version === version) return known;
  const policy = await loadersOf(context).policies.load(version);
  assert(policy, "a policy that was used is there for ever");
  return policy;
}
