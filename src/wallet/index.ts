import { AlertResolver, ThresholdResolver } from "./api/alert.resolver";
import { SpendingLimitResolver } from "./api/budget.resolver";
import { GrantResolver } from "./api/grant.resolver";
import { HoldResolver } from "./api/hold.resolver";
import { KeepingResolver } from "./api/keeping.resolver";
import { LiveResolver } from "./api/live.resolver";
import { OperatorResolver } from "./api/operator.resolver";
import { QuoteResolver } from "./api/quote.resolver";
import {
  CandidateResolver,
  GrantNotEligibleResolver,
  IdempotencyMismatchResolver,
  InsufficientCreditsResolver,
  NotRefundableResolver,
  RejectedResolver,
} from "./api/refusal.resolver";
import { SpendResolver } from "./api/spend.resolver";
import { EntryResolver, TransactionResolver } from "./api/transaction.resolver";
import { UnitResolver } from "./api/unit.resolver";
import { CreditTypeResolver, WalletResolver } from "./api/wallet.resolver";

/** The door of the wallet room: wallets, grants, spends, holds, refunds, the ledger. What things are stands in README.md. */

export { BudgetExceeded, SpendingLimitView } from "./api/budget.types";
export { credits, idempotencyKey, optionalText, scope, text } from "./api/checks";
export { GrantView, RolloverView, ScopeView, showRollover } from "./api/grant.types";
export { HoldView } from "./api/hold.types";
export { limitTermsOf, SpendingLimitInput } from "./api/limit-inputs.types";
export { noWalletBy } from "./api/moves.types";
export { WALLET_NODES } from "./api/nodes.types";
export { ScopeInput } from "./api/operator-inputs.types";
export { QuoteView } from "./api/quote.types";
export { ExpiresInPast, IdempotencyMismatch, InsufficientCredits } from "./api/refusal.types";
export { type AccountChoice, type ChosenAccount, chooseAccount, findCreditType, visibleAccount } from "./api/request";
export { showGrant, showLimits, showTransaction, showWallet } from "./api/show.types";
export { TransactionView } from "./api/transaction.types";
export { unitsOf } from "./api/units";
export { forgetLoaded, loadersOf as walletLoadersOf } from "./api/wallet.loaders";
export { CreditTypeView, WalletView } from "./api/wallet.types";
export type { AuditFinding } from "./audit";
export { createCreditType, creditTypeById } from "./credit-types";
export { walletId } from "./ids";
export type { Command } from "./model/commands";
export type { GrantTerms, Transaction, WalletKey } from "./model/types";
export { openWallet } from "./open";
export { type LimitTerms, type PlacedLimit, setLimits } from "./set-limits";
export { audit } from "./store/audit.reads";
export { readVersions } from "./store/live.reads";
export { catchUpNow, submit } from "./submit";
export { Sweeper } from "./sweeper";
export { setThreshold } from "./thresholds";
export { assertUnit, type Units, unitsNow } from "./units";

export const WALLET_RESOLVERS = [
  WalletResolver,
  CreditTypeResolver,
  UnitResolver,
  GrantResolver,
  TransactionResolver,
  EntryResolver,
  HoldResolver,
  AlertResolver,
  ThresholdResolver,
  QuoteResolver,
  SpendResolver,
  OperatorResolver,
  KeepingResolver,
  LiveResolver,
  InsufficientCreditsResolver,
  IdempotencyMismatchResolver,
  GrantNotEligibleResolver,
  NotRefundableResolver,
  SpendingLimitResolver,
  CandidateResolver,
  RejectedResolver,
] as const;
