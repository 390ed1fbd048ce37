import { assert } from "../../core/assert";
import { FIRST_UNIT, type ShownAmount } from "../../core/unit";
import { NotFound, type Refusal } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import type { Answer } from "../answer";
import { timeOf } from "../model/wallet";
import { GrantView } from "./grant.types";
import { HoldView } from "./hold.types";
import type { MovePayload } from "./payload.types";
import { IdempotencyMismatch } from "./refusal.types";
import { seesApp } from "./request";
import { shownKey } from "./show.types";
import { showRefusal } from "./show-refusal.types";
import { TransactionView } from "./transaction.types";
import { forgetLoaded } from "./wallet.loaders";
import { WalletView } from "./wallet.types";

/** From the answer to a command to the payload of its mutation: all from memory, nothing is read again. */

type Done = Extract<Answer, { readonly status: "done" }>;
/** What all payloads of moves have, and the hold, for those that are about one. */
export interface Moved extends Pick<MovePayload, "transaction" | "wallet" | "grants" | "replayed" | "refusal"> {
  readonly hold: HoldView | null;
}

/** `field`: the field of the input that names the wallet. */
export async function moved(context: RequestContext, answer: Answer, field: string): Promise<Moved> {
  // Whatever this request has read before may be out of date now.
  forgetLoaded(context);
  // A key that is bound to an app repeats no other app's commands, even if it knows them by heart.
  if (answer.status === "done" && !seesApp(context.identity, answer.transaction.app)) return notMoved(new NotFound(field));
  if (answer.status === "done") return movedBy(context, answer);
  if (answer.status === "absent") return notMoved(noWalletBy(field));
  if (answer.status === "mismatch") {
    const used = await shownKey(context, answer.key);
    return notMoved(new IdempotencyMismatch(used, answer.sequence, inputOf(answer.field)));
  }
  const { wallet } = answer;
  const now = timeOf(wallet, context.core.clock.now());
  const key = await shownKey(context, wallet.key);
  return notMoved(showRefusal(answer.refusal, { key, wallet, now }), new WalletView(key, wallet, now));
}

/** That there is no wallet, though there are an account and a credit type where the input names these: then it can be opened. */
export function noWalletBy(field: string): NotFound {
  const unopened = "The account has no wallet of this creditType: open one with openWallet, or name another.";
  return new NotFound(field, field === "creditType" ? unopened : null);
}

/** A mutation that did nothing; without a wallet, if there is none to show. */
export function notMoved(refusal: Refusal, wallet: WalletView | null = null): Moved {
  return { transaction: null, wallet, grants: [], hold: null, replayed: false, refusal };
}

async function movedBy(context: RequestContext, { wallet, transaction, grants, hold, replayed }: Done): Promise<Moved> {
  const now = timeOf(wallet, context.core.clock.now());
  const key = await shownKey(context, wallet.key);
  return {
    transaction: new TransactionView(key, transaction, now, wallet),
    wallet: new WalletView(key, wallet, now),
    grants: grants.map((grant) => new GrantView(key, grant, now, wallet)),
    hold: hold && new HoldView(key, hold, now, wallet),
    replayed,
    refusal: null,
  };
}

/** The receiver's side of a transfer. */
export async function received(context: RequestContext, answer: Answer) {
  if (answer.status !== "done") return { receiver: null, receiverTransaction: null, receiverGrants: [] };
  const { counterpart } = answer;
  assert(counterpart, "a transfer has two sides");
  const { wallet, transaction, grants } = counterpart;
  const now = timeOf(wallet, context.core.clock.now());
  const key = await shownKey(context, wallet.key);
  return {
    receiver: new WalletView(key, wallet, now),
    receiverTransaction: new TransactionView(key, transaction, now, wallet),
    receiverGrants: grants.map((grant) => new GrantView(key, grant, now, wallet)),
  };
}

/** What was asked for and not given: more than 0 only where a part was enough. */
export async function shortfallOf(context: RequestContext, answer: Answer): Promise<ShownAmount> {
  if (answer.status !== "done" || answer.asked === null) return FIRST_UNIT.show(0n);
  const { unit } = await shownKey(context, answer.wallet.key);
  return unit.show(answer.asked - answer.transaction.amount);
}

/** The field of the input that a field of a command comes from, where they are called differently. */
const INPUTS: Readonly<Record<string, string>> = {
  wallet: "walletId",
  hold: "holdId",
  spend: "transactionId",
  grant: "grantId",
  expires: "expiresAt",
  source: "reason",
  quantity: "quantities",
  to: "toWalletId",
};

function inputOf(field: string): string {
  return INPUTS[field] ?? field;
}
