import type { Demo } from "./server-process";

export interface Answer {
  readonly status: number;
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

/** One GraphQL request over HTTP. Throws only when no answer arrives. */
export async function request(url: string, key: string, query: string, variables: object = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer, "status">) };
}

/** As `request`, for what must succeed: the data, typed by the caller; throws with the server's errors. */
export async function ask<T>(url: string, key: string, query: string, variables: object = {}): Promise<T> {
  const answer = await request(url, key, query, variables);
  if (answer.errors || !answer.data) throw new Error(JSON.stringify(answer));
  return answer.data as T;
}

export const SPEND = `mutation Spend($input: SpendInput!) {
  spend(input: $input) {
    replayed
    refusal { __typename code message }
    transaction { id sequence amount balanceAfter { available } entries { grant { id } from to amount } }
  }
}`;

export interface SpendAnswer {
  readonly spend: {
    readonly replayed: boolean;
    readonly refusal: { readonly __typename: string; readonly code: string } | null;
    readonly transaction: { readonly id: string; readonly sequence: string; readonly amount: string } | null;
  };
}

/** A new account with a wallet of the credit type and a purchased grant in it; answers the wallet's id. */
export async function fundedWallet(demo: Demo, externalId: string, amount: string): Promise<string> {
  const { adminKey, url } = demo;
  await ask(
    url,
    adminKey,
    `mutation($input: CreateAccountInput!) { createAccount(input: $input) { account { id } refusal { code } } }`,
    {
      input: { externalId },
    },
  );
  const opened = await ask<{ openWallet: { wallet: { id: string } } }>(
    url,
    adminKey,
    `mutation($input: OpenWalletInput!) { openWallet(input: $input) { wallet { id } refusal { code } } }`,
    { input: { externalId, creditType: "credits" } },
  );
  const walletId = opened.openWallet.wallet.id;
  await ask(
    url,
    adminKey,
    `mutation($input: GrantCreditsInput!) { grantCredits(input: $input) { transaction { id } refusal { code } } }`,
    {
      input: { walletId, kind: "PURCHASED", amount, idempotencyKey: `fund-${externalId}` },
    },
  );
  return walletId;
}

/** Runs `work` for 0..count-1 with so many workers (0..width-1) at once; answers the results in order. */
export async function inParallel<T>(
  count: number,
  width: number,
  work: (index: number, worker: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = new Array(count);
  let next = 0;
  const run = async (worker: number): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index, worker);
  };
  await Promise.all(Array.from({ length: width }, (_, worker) => run(worker)));
  return results;
}
