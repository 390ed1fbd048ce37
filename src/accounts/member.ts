import { fits, formatId } from "../core/ids";
import type { Instant } from "../core/time";

/** A person of a team: of an account whose wallets several share. */
export interface Member {
  /** The account's UUID. */
  readonly accountId: string;
  /** 1.. within the account; who comes back keeps it. */
  readonly number: number;
  /** What the operator calls the person; unique within the account. */
  readonly externalId: string;
  readonly name: string | null;
  readonly createdAt: Instant;
  /** Null: is one still. */
  readonly removedAt: Instant | null;
}

/** A member, by account and number. */
export type MemberKey = Pick<Member, "accountId" | "number">;

/** How a member is called outside. */
export function memberId({ accountId, number }: MemberKey): string {
  return formatId("member", accountId, number);
}

/** What an id's account and number name; null: no row can have them. */
export function memberKeyOf(uuid: string | null, [number = 0]: readonly number[]): MemberKey | null {
  return uuid !== null && number >= 1 && fits(number) ? { accountId: uuid, number } : null;
}
