import { NotFound, type Refusal } from "../../platform/graphql/refusal";
import type { WalletRefusal } from "../model/commands";
import { BudgetExceeded } from "./budget.types";
import { CaptureExceedsHold, HoldEnded, HoldExpiryNotLater } from "./hold-refusal.types";
import { NotPricedRefusal } from "./not-priced.types";
import {
  BalanceOutOfRange,
  ExpiresInPast,
  GrantNotEligible,
  InsufficientCredits,
  NotRefundable,
  OccurredInFuture,
  type Of,
  type Place,
  RefundExceedsSpend,
  TransferNotPossible,
} from "./refusal.types";

/** The input field that names what a NOT_FOUND of the model is about. */
const FIELD_OF = { hold: "holdId", grant: "grantId", transaction: "transactionId", member: "member" } as const;

/** Every refusal of the model has its type: the compiler says when one is missing. */
const SHOW: { readonly [Code in WalletRefusal["code"]]: (refusal: Of<Code>, place: Place) => Refusal } = {
  INSUFFICIENT_CREDITS: (refusal, place) => new InsufficientCredits(refusal, place),
  BUDGET_EXCEEDED: (refusal, place) => new BudgetExceeded(refusal, place.key),
  HOLD_ENDED: (refusal, place) => new HoldEnded(refusal.hold, place),
  CAPTURE_EXCEEDS_HOLD: (refusal, place) => new CaptureExceedsHold(refusal, place),
  HOLD_EXPIRY_NOT_LATER: (refusal, place) => new HoldExpiryNotLater(refusal.hold, place),
  GRANT_NOT_ELIGIBLE: (refusal, place) => new GrantNotEligible(refusal, place),
  REFUND_EXCEEDS_SPEND: (refusal, place) => new RefundExceedsSpend(refusal, place.key.unit),
  NOT_REFUNDABLE: (refusal, place) => new NotRefundable(refusal.sequence, place),
  TRANSFER_NOT_POSSIBLE: (refusal) => new TransferNotPossible(refusal),
  OCCURRED_IN_FUTURE: (refusal) => new OccurredInFuture(refusal),
  EXPIRES_IN_PAST: (refusal) => new ExpiresInPast(refusal),
  NOT_PRICED: (refusal) => new NotPricedRefusal(refusal),
  BALANCE_OUT_OF_RANGE: () => new BalanceOutOfRange(),
  NOT_FOUND: (refusal) => new NotFound(FIELD_OF[refusal.what]),
};

/** A refusal of the model as the API shows it. */
export function showRefusal(refusal: WalletRefusal, place: Place): Refusal {
  const show = SHOW[refusal.code] as (refusal: WalletRefusal, place: Place) => Refusal;
  return show(refusal, place);
}
