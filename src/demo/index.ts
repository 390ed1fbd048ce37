import { createApiKey, signToken } from "../accounts";
import { assert } from "../core/assert";
import { type Authenticator, type Role, Unauthenticated } from "../platform/authentication";
import { Batcher } from "../platform/batcher";
import type { Core } from "../platform/context";
import { walletId } from "../wallet";
import { readKeys } from "./facts";
import { DEMO, MAIN_ACCOUNT, tellStory } from "./story";

/** The door of the demo: data to look at, and keys to try with, at the first start. */

export { fileIn, removeFacts, writeFacts } from "./facts";
export { welcome } from "./welcome";

/** What a reader needs to try the server. */
export interface Demo {
  readonly adminKey: string;
  readonly serviceKey: string;
  readonly customerToken: string | null;
  readonly walletId: string;
}

export interface DemoOptions {
  readonly core: Core;
  readonly authenticator: Authenticator;
  /** Where `demo.json` is, with the keys of earlier starts. */
  readonly dataDir: string;
  /** What customers' tokens are signed with; null: somebody else signs them. */
  readonly signing: { readonly secret: Uint8Array; readonly issuer: string | null; readonly audience: string | null } | null;
}

/** A customer's token counts for as long: a week, in microseconds. Each start makes a new one. */
const TOKEN_LIFE = 7n * 86_400_000_000n;

/**
 * Makes the demo's data and keys, as far as they are not there yet. The keys of an earlier start are kept while they are good. Call it
 * before the server serves. Throws when an account of the demo exists with other terms.
 */
export async function makeDemo({ core, authenticator, dataDir, signing }: DemoOptions): Promise<Demo> {
  // The story has a time of its own: its commands must not share a batch with others.
  const batcher = new Batcher({ lanes: 1, depth: 1, batchSize: 1, queueSize: 10 });
  const wallet = await tellStory({ ...core, batcher });
  await batcher.stop();
  const kept = await readKeys(dataDir);
  const keyOf = async (role: "ADMIN" | "SERVICE", known: string | undefined) =>
    known !== undefined && (await isGood(authenticator, known, role)) ? known : createKey(core, role);
  return {
    adminKey: await keyOf("ADMIN", kept?.adminKey),
    serviceKey: await keyOf("SERVICE", kept?.serviceKey),
    customerToken:
      signing && (await signToken(signing.secret, { subject: MAIN_ACCOUNT, expiresAt: core.clock.now() + TOKEN_LIFE }, signing)),
    walletId: walletId(wallet),
  };
}

async function isGood(authenticator: Authenticator, key: string, role: Role): Promise<boolean> {
  try {
    return (await authenticator.authenticate(`Bearer ${key}`)).role === role;
  } catch (error) {
    if (error instanceof Unauthenticated) return false;
    throw error;
  }
}

async function createKey(core: Core, role: "ADMIN" | "SERVICE"): Promise<string> {
  const answer = await createApiKey(core, { role, app: null, name: "demo", expiresAt: null }, DEMO);
  assert(answer.status === "done", "a key that never expires can be made");
  return answer.secret;
}
