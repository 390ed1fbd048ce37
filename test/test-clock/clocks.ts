import type { Identity } from "../../src/platform/authentication";
import { advanceTestClock, startTestClock } from "../../src/test-clock";
import type { WalletKey } from "../../src/wallet/model/types";
import { ADMIN, type Api } from "../support/api";
import { addWallet, type TestCore } from "../support/core";
import { OPERATOR } from "../support/operator";

/** Accounts on clocks of their own, for tests. */

export interface ClockPayload {
  readonly account: { readonly externalId: string; readonly testClock: { readonly now: string } | null } | null;
  readonly testClock: { readonly now: string } | null;
  readonly started?: boolean;
  readonly reached: boolean;
  readonly transactions: number;
  readonly refusal: { readonly code: string; readonly message: string; readonly now?: string; readonly latest?: string } | null;
}

const FIELDS = `account { externalId testClock { now } } testClock { now } reached transactions
  refusal { code message ... on ClockNotLater { now } ... on ClockTooFar { latest } ... on NotFound { field } }`;

/** Puts an account on a test clock, through the API. */
export function start(api: Api, input: object, identity: Identity = ADMIN): Promise<ClockPayload> {
  return api.mutate("startTestClock", input, `started ${FIELDS}`, identity);
}

/** Lets its time pass, through the API. */
export function advance(api: Api, input: object, identity: Identity = ADMIN): Promise<ClockPayload> {
  return api.mutate("advanceTestClock", input, FIELDS, identity);
}

/** An account on a test clock, with an empty wallet. */
export async function addClockedWallet(core: TestCore, creditTypeId: number): Promise<WalletKey> {
  const key = await addWallet(core, creditTypeId);
  const { status } = await startTestClock(core, key.accountId, null, OPERATOR);
  if (status !== "done") throw new Error(`the clock was not started: ${status}`);
  return key;
}

/** Lets the time of a wallet's account pass; answers how many transactions were written. */
export async function pass(core: TestCore, { accountId }: WalletKey, to: bigint): Promise<number> {
  const answer = await advanceTestClock(core, accountId, { to }, OPERATOR);
  if (answer.status !== "done" || !answer.passed.reached) throw new Error(`the clock was not advanced: ${answer.status}`);
  return answer.passed.transactions;
}
