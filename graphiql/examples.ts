/**
 * The documents that GraphiQL opens with. With the demo's facts they run as they are; without them a reader fills in the
 * places marked `<…>`.
 */

/** What the page needs of the demo data: see `GET /graphiql/demo.json`. */
export interface DemoFacts {
  readonly adminKey: string;
  readonly serviceKey: string;
  readonly customerToken: string | null;
  readonly walletId: string;
}

export interface Example {
  readonly query: string;
  /** JSON texts, as the editors show them. */
  readonly variables: string;
  readonly headers: string;
}

const BLANK = {
  adminKey: "<an admin key>",
  serviceKey: "<a service key>",
  customerToken: "<a customer's token>",
  walletId: "<a wallet id>",
};

const BALANCE = `# What a customer sees: the balance, and the stack
# of grants in the order in which they will pay.
query BalanceAndStack($walletId: ID!) {
  wallet(id: $walletId) {
    id
    balance {
      available
      held
      debt
    }
    grants(first: 10, status: [ACTIVE], order: CONSUMPTION) {
      edges {
        node {
          id
          kind
          priority
          scope {
            operations
          }
          available
          held
          effectiveAt
          expiresAt
        }
      }
    }
  }
}
`;

const SPEND = `# What an application does: spend, and be told which
# grants paid, and why in that order. Run it twice: the
# second answer is the first one, replayed. To spend
# again, change the idempotencyKey.
mutation Spend($input: SpendInput!) {
  spend(input: $input) {
    replayed
    transaction {
      id
      sequence
      amount
      entries {
        amount
        reason
        grant {
          id
          kind
          expiresAt
        }
      }
    }
    wallet {
      id
      balance {
        available
      }
    }
    refusal {
      code
      message
    }
  }
}
`;

const GRANT = `# What the operator does: give credits. These pay
# before most others: their priority is 50, not 100.
mutation GrantPromotion($input: GrantCreditsInput!) {
  grantCredits(input: $input) {
    replayed
    grants {
      id
      kind
      amount
      priority
      expiresAt
    }
    wallet {
      id
      balance {
        available
      }
    }
    refusal {
      code
      message
    }
  }
}
`;

const HISTORY = `# The last five transactions of the ledger. For the
# page before: pass startCursor as "before".
query History($walletId: ID!, $before: String) {
  wallet(id: $walletId) {
    id
    transactions(last: 5, before: $before) {
      edges {
        node {
          id
          sequence
          type
          amount
          description
          recordedAt
          balanceAfter {
            available
          }
        }
      }
      pageInfo {
        hasPreviousPage
        startCursor
      }
    }
  }
}
`;

const LIVE = `# The present state at once, then each newer one.
# Leave it running, and spend in another browser tab.
subscription LiveBalance($walletId: ID!) {
  walletBalance(walletId: $walletId) {
    wallet {
      id
      sequence
      balance {
        available
        held
      }
    }
  }
}
`;

const PRICES = `# What everything costs, as a page would print it.
query Prices($creditType: String!) {
  priceTable(creditType: $creditType) {
    creditWords
    prices {
      operation
      title
      words
      minimum
      maximum
    }
    versions {
      id
      number
      effectiveFrom
    }
  }
}
`;

const QUOTE = `# What a use would cost, line by line, and which grants
# would pay: nothing is written. The id keeps the prices
# for an hour: pass it as the quoteId of a spend.
query Quote($input: QuoteInput!) {
  quote(input: $input) {
    id
    expiresAt
    amount
    affordable
    shortfall
    price {
      lines {
        operation
        words
        amount
      }
    }
    allocations {
      amount
      reason
      grant {
        id
        kind
      }
    }
    balanceAfter {
      available
    }
    refusal {
      code
      message
    }
  }
}
`;

const PLANS = `# What is offered: credits for each period, at a price,
# and packs for those who need more.
query PlansAndPacks($creditType: String!) {
  plans(first: 10) {
    edges {
      node {
        id
        name
        latest {
          number
          title
          description
          price {
            amount
            currency
          }
          billing
          allotments {
            amount
            interval
            rollover {
              percent
              maximum
            }
          }
        }
      }
    }
  }
  packs(creditType: $creditType, first: 10) {
    edges {
      node {
        id
        title
        amount
        price {
          amount
          currency
        }
        creditPrice {
          amount
          currency
        }
      }
    }
  }
}
`;

const PREVIEW = `# What a plan would do to the wallet, grant by grant:
# nothing is written. The next month's credits are in
# the wallet before it begins.
query PreviewPlan($input: PreviewSubscriptionInput!) {
  previewSubscription(input: $input) {
    effects {
      what
      words
      amount
      before
      after
      effectiveAt
      expiresAt
    }
    refusal {
      code
      message
    }
  }
}
`;

const REFUSAL = `# More than there is: nothing is written, and the
# answer says what is missing.
mutation Refusal($input: SpendInput!) {
  spend(input: $input) {
    transaction {
      id
    }
    refusal {
      code
      message
      ... on InsufficientCredits {
        available
        required
        shortfall
      }
    }
  }
}
`;

const CHAT = {
  operation: "chat.completion",
  quantities: [
    { dimension: "input", quantity: "1200" },
    { dimension: "output", quantity: "340" },
  ],
  surcharges: ["web.search"],
};

/**
 * The ten examples. `demo` null: there is no demo data, places to fill in are marked.
 * `run` makes the idempotency keys new: the same value gives the same keys.
 */
export function examples(demo: DemoFacts | null, run: string): readonly Example[] {
  const { adminKey, serviceKey, walletId } = demo ?? BLANK;
  const customerToken = demo?.customerToken ?? BLANK.customerToken;
  return [
    example(BALANCE, { walletId }, customerToken),
    example(
      SPEND,
      { input: { walletId, amount: "12.5", operation: "image.generate", idempotencyKey: `spend-${run}` } },
      serviceKey,
    ),
    example(PRICES, { creditType: "credits" }, customerToken),
    example(QUOTE, { input: { walletId, ...CHAT, validFor: "PT1H" } }, serviceKey),
    example(PLANS, { creditType: "credits" }, customerToken),
    example(PREVIEW, { input: { externalId: "acme", plan: "demo-pro" } }, serviceKey),
    example(
      GRANT,
      { input: { walletId, kind: "PROMO", amount: "50", priority: 50, reason: "From GraphiQL", idempotencyKey: `grant-${run}` } },
      adminKey,
    ),
    example(HISTORY, { walletId }, customerToken),
    example(LIVE, { walletId }, customerToken),
    example(REFUSAL, { input: { walletId, amount: "1000000", idempotencyKey: `refusal-${run}` } }, serviceKey),
  ];
}

function example(query: string, variables: object, bearer: string): Example {
  return {
    query,
    variables: JSON.stringify(variables, null, 2),
    headers: JSON.stringify({ authorization: `Bearer ${bearer}` }, null, 2),
  };
}
