import { AlertResolver, ThresholdResolver } from "./alert.resolver";
import { GrantResolver } from "./grant.resolver";
import { HoldResolver } from "./hold.resolver";
import { KeepingResolver } from "./keeping.resolver";
import { LiveResolver } from "./live.resolver";
import { OperatorResolver } from "./operator.resolver";
import { QuoteResolver } from "./quote.resolver";
import {
  CandidateResolver,
  GrantNotEligibleResolver,
  IdempotencyMismatchResolver,
  InsufficientCreditsResolver,
  NotRefundableResolver,
  RejectedResolver,
} from "./refusal.resolver";
import { SpendResolver } from "./spend.resolver";
import { EntryResolver, TransactionResolver } from "./transaction.resolver";
import { CreditTypeResolver, WalletResolver } from "./wallet.resolver";

/** The door of the wallet room: wallets, grants, spends, holds, refunds, the ledger. What things are stands in README.md. */

export type { AuditFinding } from "./audit";
export { audit } from "./audit.reads";
export { createCreditType, creditTypeById } from "./credit-types";
export { walletId } from "./ids";
export { readVersions } from "./live.reads";
export type { Command } from "./model/commands";
export type { GrantTerms, Transaction, WalletKey } from "./model/types";
export { WALLET_NODES } from "./nodes.types";
export { openWallet } from "./open";
export { QuoteView } from "./quote.types";
export { ExpiresInPast, InsufficientCredits } from "./refusal.types";
export { findCreditType, visibleAccount } from "./request";
export { showWallet } from "./show.types";
export { submit } from "./submit";
export { Sweeper } from "./sweeper";
export { setThreshold } from "./thresholds";
export { TransactionView } from "./transaction.types";
export { loadersOf as walletLoadersOf } from "./wallet.loaders";
export { CreditTypeView, WalletView } from "./wallet.types";

export const WALLET_RESOLVERS = [
  WalletResolver,
  CreditTypeResolver,
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
  CandidateResolver,
  RejectedResolver,
] as const;
