import type { Identity } from "../authentication";
import type { Core } from "../context";
import type { OperationWatch } from "../stopwatch";

/** What resolvers are given: one a request, or one an operation on a socket. */
export interface RequestContext {
  readonly core: Core;
  /** Who asks. */
  readonly identity: Identity;
  /** Where the operation's time goes. */
  readonly watch: OperationWatch;
}

/** Whether the caller may see what belongs to this account: the operator and applications may see all, a customer the own. */
export function maySee({ identity }: RequestContext, accountId: string): boolean {
  return identity.role !== "CUSTOMER" || identity.accountId === accountId;
}
