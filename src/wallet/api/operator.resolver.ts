import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { Access } from "../../platform/graphql/access";
import type { InputPath } from "../../platform/graphql/errors";
import { NotFound } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import { creditTypeById } from "../credit-types";
import type { Numbered } from "../ids";
import type { WalletCommand } from "../model/commands";
import type { WalletKey } from "../model/types";
import { type Moved, moved, notMoved, received } from "./moves.types";
import { adjustCommand, grantCommand, overdraftCommand, transferCommand, voidCommand } from "./operator-commands";
import {
  AdjustBalanceInput,
  GrantCreditsInput,
  SetOverdraftInput,
  TransferCreditsInput,
  VoidGrantInput,
} from "./operator-inputs.types";
import {
  AdjustBalancePayload,
  GrantCreditsPayload,
  SetOverdraftPayload,
  TransferCreditsPayload,
  VoidGrantPayload,
} from "./payload.types";
import { callerOf, chooseWallet, submitFor, visibleNumbered, visibleWallet } from "./request";
import { showGrantOf } from "./show.types";
import { loadersOf } from "./wallet.loaders";

const INPUT: InputPath = ["input"];
/** Stands for what is not there, so that malformed input is told whether or not it is. */
const NO_WALLET: WalletKey = { accountId: "", creditTypeId: 0 };
const NOWHERE: Numbered = { key: NO_WALLET, number: 0 };

/** What the operator does to balances. */
@Resolver()
export class OperatorResolver {
  @Access("ADMIN")
  @Mutation(() => GrantCreditsPayload, { description: "Gives credits: a new grant in the wallet." })
  async grantCredits(
    @Arg("input", () => GrantCreditsInput, { description: "How many, to which wallet, on what terms." }) input: GrantCreditsInput,
    @Ctx() context: RequestContext,
  ): Promise<GrantCreditsPayload> {
    // Checked first, whether or not there is such a wallet.
    const { key, field } = await chooseWallet(context, input, INPUT);
    const caller = await callerOf(context, key);
    grantCommand(input, null, caller, INPUT);
    if (key === null) return { ...notMoved(new NotFound(field)), grant: null };
    const creditType = await creditTypeById(context.core, key.creditTypeId);
    const command = grantCommand(input, creditType?.defaultExpiry ?? null, caller, INPUT);
    const payload = await moved(context, await submitFor(context, key, command), field);
    const made = payload.transaction?.transaction.entries.find((entry) => entry.from === "ISSUED");
    return { ...payload, grant: payload.grants.find(({ grant }) => grant.number === made?.grant) ?? null };
  }

  @Access("ADMIN")
  @Mutation(() => VoidGrantPayload, { description: "Withdraws a grant: what was not spent of it, or a part of that." })
  async voidGrant(
    @Arg("input", () => VoidGrantInput, { description: "Which grant, and why." }) input: VoidGrantInput,
    @Ctx() context: RequestContext,
  ): Promise<VoidGrantPayload> {
    const named = visibleNumbered(context, "grant", input.grantId);
    const command = voidCommand(input, named ?? NOWHERE, await callerOf(context, named?.key ?? null), INPUT);
    const payload = await onWallet(context, named?.key ?? null, command, "grantId");
    // Not one of `grants`: of what is all held nothing moves yet, so the transaction has no entry that tells of it.
    const grant = named && payload.transaction ? await showGrantOf(context, named, payload.transaction.known) : null;
    return { ...payload, grant };
  }

  @Access("ADMIN")
  @Mutation(() => AdjustBalancePayload, {
    description: "Corrects a balance: up by an ADJUSTMENT grant, down by the waterfall whatever the scopes.",
  })
  async adjustBalance(
    @Arg("input", () => AdjustBalanceInput, { description: "Which wallet, by how much, and why." }) input: AdjustBalanceInput,
    @Ctx() context: RequestContext,
  ): Promise<AdjustBalancePayload> {
    const key = visibleWallet(context, input.walletId);
    return onWallet(context, key, adjustCommand(input, await callerOf(context, key), INPUT), "walletId");
  }

  @Access("ADMIN")
  @Mutation(() => SetOverdraftPayload, {
    description: "Sets how far a wallet may go below zero. Debt moves under the new limit, as far as that holds it.",
  })
  async setOverdraft(
    @Arg("input", () => SetOverdraftInput, { description: "Which wallet, and how far." }) input: SetOverdraftInput,
    @Ctx() context: RequestContext,
  ): Promise<SetOverdraftPayload> {
    const key = visibleWallet(context, input.walletId);
    return onWallet(context, key, overdraftCommand(input, await callerOf(context, key), INPUT), "walletId");
  }

  @Access("ADMIN")
  @Mutation(() => TransferCreditsPayload, {
    description: "Gives credits of one wallet to another account's: as GIFT grants that keep scope, priority and expiry.",
  })
  async transferCredits(
    @Arg("input", () => TransferCreditsInput, { description: "How many, from which wallet, to which." })
    input: TransferCreditsInput,
    @Ctx() context: RequestContext,
  ): Promise<TransferCreditsPayload> {
    const from = visibleWallet(context, input.fromWalletId);
    const to = visibleWallet(context, input.toWalletId);
    const command = transferCommand(input, to ?? NO_WALLET, await callerOf(context, from), INPUT);
    const nothing = { receiver: null, receiverTransaction: null, receiverGrants: [] };
    if (from === null) return { ...notMoved(new NotFound("fromWalletId")), ...nothing };
    if (to === null) return { ...notMoved(new NotFound("toWalletId")), ...nothing };
    const answer = await submitFor(context, from, command);
    const absent = answer.status === "absent" && (await loadersOf(context).wallets.load(from)) ? "toWalletId" : "fromWalletId";
    return { ...(await moved(context, answer, absent)), ...(await received(context, answer)) };
  }
}

async function onWallet(context: RequestContext, key: WalletKey | null, command: WalletCommand, field: string): Promise<Moved> {
  if (key === null) return notMoved(new NotFound(field));
  return moved(context, await submitFor(context, key, command), field);
}
