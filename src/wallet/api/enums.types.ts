import { describedEnum } from "../../platform/graphql/shown";
import type { AlertState, AlertType, GrantKind, HoldStatus, Source, TransactionType, WaterfallKey } from "../model/types";
import type { Rejection } from "../model/waterfall";
import type { GrantStatus } from "../status";
import type { Interval, UsageDimension } from "../usage";

export const GrantKindEnum = describedEnum<GrantKind>(
  "GrantKind",
  "What sort of credits a grant holds. The waterfall's kind key compares them in the order ROLLOVER, PLAN, REFERRAL, PROMO, GIFT, REFUND, ADJUSTMENT, PURCHASED: the earlier pays first.",
  {
    ROLLOVER: "Kept of a plan's allotment when it expired. Made by the expiry itself.",
    PLAN: "A period's allotment of a plan.",
    REFERRAL: "Given for bringing in another customer. Promotional: never repays debt.",
    PROMO: "Given by a campaign. Promotional: never repays debt.",
    GIFT: "Given by another account, or by the operator. Promotional: never repays debt.",
    REFUND: "Given back for a spend whose own grant has ended since. Made by the refund itself.",
    ADJUSTMENT: "A correction by the operator. Repays debt unless told otherwise.",
    PURCHASED: "Bought. Repays debt unless told otherwise.",
    OVERDRAFT: "An allowed negative balance: its amount is the limit, what is consumed of it is debt. Always pays last.",
  },
);

export const GrantStatusEnum = describedEnum<GrantStatus>(
  "GrantStatus",
  "What has become of a grant, judged by the time of the answer.",
  {
    PENDING: "Not yet effective.",
    ACTIVE: "Alive, with something available or held.",
    EXHAUSTED: "Alive, with nothing available or held.",
    EXPIRED: "Past its `expiresAt`. Something may still be held or owed.",
    VOIDED: "Withdrawn by the operator. Something may still be held or owed.",
  },
);

export const PotEnum = describedEnum<Source>(
  "Pot",
  "Where a grant's credits are at a moment. Every credit is in exactly one pot.",
  {
    PENDING: "Not yet effective.",
    AVAILABLE: "There to be spent, while the grant is alive.",
    HELD: "Set aside by a hold.",
    CONSUMED: "Spent; of an OVERDRAFT grant: owed.",
    EXPIRED: "Gone with the grant's expiry.",
    VOIDED: "Withdrawn by the operator.",
    MOVED: "In another grant, which names this one as its origin: rolled over, given away, or refunded past expiry.",
    ISSUED: "Not a pot of the grant: the outside that its credits come from. Only ever on an entry's `from` side.",
  },
);

export const TransactionTypeEnum = describedEnum<TransactionType>("TransactionType", "What sort of event a transaction is.", {
  GRANT: "Credits were given.",
  ACTIVATE: "A pending grant became effective.",
  SPEND: "Credits were used.",
  HOLD: "Credits were set aside; or, with an amount of 0, a hold was extended.",
  CAPTURE: "Credits of a hold were used.",
  RELEASE: "What was left of a hold went back: by request, or by the hold's own expiry.",
  REFUND: "Credits of a spend or capture were given back.",
  EXPIRE: "A grant expired; what its rollover rule keeps moved into a new one.",
  VOID: "A grant was withdrawn.",
  ADJUST: "The operator corrected the balance. Negative when credits were taken away.",
  TRANSFER: "Credits moved to another account's wallet, or came from one.",
});

export const HoldStatusEnum = describedEnum<HoldStatus>(
  "HoldStatus",
  "What has become of a hold, judged by the time of the answer.",
  {
    OPEN: "It holds credits.",
    CAPTURED: "It ended with a capture.",
    RELEASED: "It ended by a release.",
    EXPIRED: "It ended by its own expiry.",
  },
);

export const AlertTypeEnum = describedEnum<AlertType>("AlertType", "What an alert tells.", {
  LOW: "The spendable balance fell to a threshold or below.",
  DEPLETED: "The spendable balance fell to zero.",
  RECOVERED: "The spendable balance rose above a threshold (or above zero) that it had fallen to.",
  EXPIRING_SOON: "A grant with something available will expire soon.",
});

export const ThresholdStateEnum = describedEnum<AlertState>("AlertThresholdState", "What a threshold is waiting for.", {
  IDLE: "The balance has not been above it since it was set: it is silent until it has been.",
  ARMED: "The balance is above it: a fall to it or below will be told.",
  FIRED: "The fall was told: the rise above it will be told.",
});

export const WaterfallKeyEnum = describedEnum<WaterfallKey>("WaterfallKey", "What the waterfall compares to order grants.", {
  PRIORITY: "The grants' priority: the smaller number pays first.",
  EXPIRY: "The grants' expiry: the sooner pays first, never-expiring last.",
  KIND: "The grants' kind: included before promotional before paid, in the order of `GrantKind`.",
  SCOPE: "The grants' scope: restricted to some operations or apps before unrestricted.",
  EFFECTIVE: "When the grants became effective: the earlier pays first.",
});

export const RejectionEnum = describedEnum<Rejection>("GrantRejection", "Why a grant could pay nothing for a use.", {
  VOIDED: "It had been withdrawn.",
  NOT_YET_EFFECTIVE: "It was not effective yet.",
  EXPIRED: "It had expired.",
  OUT_OF_SCOPE: "Its scope does not admit the operation or the app.",
  EXHAUSTED: "It had nothing available.",
});

export const GrantOrderEnum = describedEnum<"CONSUMPTION" | "CREATED">("GrantOrder", "The order of a list of grants.", {
  CONSUMPTION: "As the waterfall would take them; those that hold nothing any more come last, newest first.",
  CREATED: "In the order of their making, oldest first.",
});

export const UsageDimensionEnum = describedEnum<UsageDimension>("UsageDimension", "What usage can be grouped by.", {
  OPERATION: "The operation that was named.",
  APP: "The app that spent.",
  ACTOR: "Who asked.",
  MEMBER: "The member of the team that it was for.",
});

export const IntervalEnum = describedEnum<Interval>("Interval", "A step of the calendar, in the account's time zone.", {
  HOUR: "An hour.",
  DAY: "A day.",
  WEEK: "A week, from Monday.",
  MONTH: "A calendar month.",
});
