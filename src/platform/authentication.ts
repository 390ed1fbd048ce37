import type { Instant } from "../core/time";

/** Who may ask: see the table of roles in README.md. */
export const ROLES = ["ADMIN", "SERVICE", "CUSTOMER"] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, as the credential proves it. */
export interface Identity {
  readonly role: Role;
  /** How the log of transactions names the one who asks. */
  readonly actor: string;
  /** A CUSTOMER's own account, as a UUID; null for all others, and for a customer who has no account. */
  readonly accountId: string | null;
  /** The app that a SERVICE key is bound to. */
  readonly app: string | null;
  /** Names the credential; the same for all who ask with it. */
  readonly keyId: string;
  /** The first instant at which the credential no longer counts; null: it does not expire. */
  readonly expiresAt: Instant | null;
}

/** Somebody who may see what this one may: the same for all of whom that is so. What tells them apart beside is taken away. */
export function viewerOf({ role, accountId, app }: Identity): Identity {
  return { role, accountId, app, actor: "", keyId: "", expiresAt: null };
}

/** Reads credentials. It is the same for HTTP and for WebSockets. */
export interface Authenticator {
  /** `authorization`: "Bearer …", as the client sent it. Throws Unauthenticated, or Unavailable when it cannot be told now. */
  authenticate(authorization: string | undefined): Promise<Identity>;
  /** Whether what was good once is good now: for sockets, which stay open. */
  stillValid(identity: Identity): Promise<boolean>;
}

/** The credential is missing or not good. The message says what to send; never what is wrong with a key. */
export class Unauthenticated extends Error {
  override readonly name = "Unauthenticated";
}
