import type { Command } from "../../../src/wallet/model/commands";

/** What is asked of the API, and what it shows of everything. */

const BALANCE = "available held pending debt overdraft spendable byKind { kind available }";
const ENTRIES = "entries { id grant { id } from to amount reason }";
/** What answers to commands show of transactions, grants and holds: nothing that must be read for it. */
const TRANSACTION = `id sequence type amount balanceAfter { ${BALANCE} } ${ENTRIES} operation quantity app actor description metadata
  idempotencyKey policyVersion effectiveAt recordedAt occurredAt previousHash hash`;
const GRANT = `id kind priority amount pending available held consumed expired voided moved repaid effectiveAt expiresAt status
  scope { operations apps } costBasis { amount currency } rollover { percent maximum period periods } repaysDebt source metadata
  createdAt voidedAt`;
const HOLD = "id amount held captured released status expiresAt operation app";
const WALLET = `id sequence balance { ${BALANCE} } policy { version keys }`;

const REFUSAL = `refusal { __typename code
  ... on InsufficientCredits { available outOfScope required shortfall spendable }
  ... on HoldEnded { hold { ${HOLD} } }
  ... on CaptureExceedsHold { hold { ${HOLD} } held requested }
  ... on HoldExpiryNotLater { hold { ${HOLD} } }
  ... on GrantNotEligible { grant { id } end: reason }
  ... on RefundExceedsSpend { refundable requested }
  ... on NotRefundable { transaction { id } }
  ... on TransferNotPossible { obstacle: reason }
  ... on OccurredInFuture { now }
  ... on ExpiresInPast { now }
  ... on IdempotencyMismatch { field transaction { id } }
  ... on NotFound { field } }`;

const MOVED = `replayed ${REFUSAL} transaction { ${TRANSACTION} } wallet { ${WALLET} } grants { ${GRANT} }`;
const WITH_HOLD = `${MOVED} hold { ${HOLD} }`;
const WITH_GRANT = `${MOVED} grant { ${GRANT} }`;

/** The mutation for each command: its name, the type of its input, and what is wanted of the answer. */
const MUTATIONS: { readonly [Type in Command["type"]]: readonly [name: string, input: string, wanted: string] } = {
  grant: ["grantCredits", "GrantCreditsInput", WITH_GRANT],
  spend: ["spend", "SpendInput", `${MOVED} shortfall`],
  hold: ["holdCredits", "HoldCreditsInput", `${WITH_HOLD} shortfall`],
  capture: ["captureHold", "CaptureHoldInput", WITH_HOLD],
  extend: ["extendHold", "ExtendHoldInput", WITH_HOLD],
  release: ["releaseHold", "ReleaseHoldInput", WITH_HOLD],
  refund: ["refundSpend", "RefundSpendInput", MOVED],
  void: ["voidGrant", "VoidGrantInput", WITH_GRANT],
  withdraw: ["voidGrant", "VoidGrantInput", WITH_GRANT],
  adjust: ["adjustBalance", "AdjustBalanceInput", MOVED],
  overdraft: ["setOverdraft", "SetOverdraftInput", MOVED],
  transfer: [
    "transferCredits",
    "TransferCreditsInput",
    `${MOVED} receiver { ${WALLET} } receiverTransaction { ${TRANSACTION} } receiverGrants { ${GRANT} }`,
  ],
};

/** The document of a command's mutation; its answer stands under `done`. */
export function documentOf(type: Command["type"]): string {
  return DOCUMENTS[type];
}

const DOCUMENTS = Object.fromEntries(
  Object.entries(MUTATIONS).map(([type, [name, input, wanted]]) => {
    return [type, `mutation ($input: ${input}!) { done: ${name}(input: $input) { ${wanted} } }`];
  }),
) as Readonly<Record<Command["type"], string>>;

export const LOOK = `query ($id: ID!) { wallet(id: $id) { ${WALLET} } }`;

const THRESHOLD = "threshold { id amount state } wallet { id sequence } refusal { __typename code }";
export const SET_THRESHOLD = `mutation ($input: SetAlertThresholdInput!) { done: setAlertThreshold(input: $input) { ${THRESHOLD} } }`;
export const REMOVE_THRESHOLD = `mutation ($input: RemoveAlertThresholdInput!) { done: removeAlertThreshold(input: $input) { ${THRESHOLD} } }`;
export const SET_POLICY =
  "mutation ($input: SetPolicyInput!) { done: setPolicy(input: $input) { wallet { policy { version keys } } refusal { __typename code } } }";

/** Pages of a wallet's lists. */
const PAGE = "pageInfo { hasNextPage endCursor }";
const page = (list: string, wanted: string, more = "") => `query ($id: ID!, $after: String) { wallet(id: $id) {
  page: ${list}(first: 100, after: $after${more}) { ${PAGE} nodes: edges { node { ${wanted} } } } } }`;
export const PAGES = {
  transactions: page("transactions", `${TRANSACTION} relatesTo { id } counterpart { id }`),
  grants: page("grants", `${GRANT} createdBy { id } origin { id }`, ", order: CREATED"),
  inOrder: page("grants", "id", ", order: CONSUMPTION"),
  holds: page("holds", `${HOLD} entries { grant { id } amount }`),
  alerts: page("alerts", "id number type sequence effectiveAt recordedAt spendable thresholdAmount grant { id } expiring"),
};
export const STATE = `query ($id: ID!, $before: DateTime!, $within: DateTime!, $now: DateTime!, $later: DateTime!) { wallet(id: $id) {
  ${WALLET} thresholds { id amount state } lastAlert: alerts(last: 1) { edges { node { number } } }
  before: balanceAt(time: $before) { ${BALANCE} } within: balanceAt(time: $within) { ${BALANCE} }
  now: balanceAt(time: $now) { ${BALANCE} } later: balanceAt(time: $later) { ${BALANCE} }
  usage(from: $before, to: $later, groupBy: [OPERATION, APP, ACTOR]) { operation app actor count amount } } }`;
