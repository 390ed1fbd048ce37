import type { Instant } from "../../src/core/time";
import { catchUp } from "../../src/wallet/model/catch-up";
import type { Outcome, WalletCommand } from "../../src/wallet/model/commands";
import { decide } from "../../src/wallet/model/decide";
import { limitsOf } from "../../src/wallet/model/limits";
import { spentOf } from "../../src/wallet/model/refund";
import type { Limit, Transaction, Wallet } from "../../src/wallet/model/types";
import { emptyWallet } from "../../src/wallet/model/wallet";
import { at } from "./clock";
import { grantOf } from "./commands";
import { deepFreeze } from "./deep-freeze";

export const BERLIN = "Europe/Berlin";
/** A Thursday, at noon in Berlin. */
export const START = at("2026-01-15T11:00:00Z");

export type GivenLimit = Pick<Limit, "amount"> & Partial<Pick<Limit, "operations" | "interval">>;

/** A wallet in memory that members share, with all that commands may name. The members are 1, 2, ...; each has these limits. */
export class Team {
  wallet: Wallet;
  readonly transactions: Transaction[] = [];

  constructor(credits: bigint, members: readonly (readonly GivenLimit[])[]) {
    const opened = emptyWallet({
      key: { accountId: "019371a0-b2c4-7d3e-8f0a-1b2c3d4e5f60", creditTypeId: 1 },
      now: START,
      policy: { version: 1, keys: ["PRIORITY", "EXPIRY", "KIND", "SCOPE", "EFFECTIVE"] },
      timeZone: BERLIN,
      refundGrace: "P7D",
      expiryNotice: "P1D",
    });
    // Their windows are over already: each limit has yet to begin.
    const window = { from: 0n, until: 1n };
    const limits = (given: readonly GivenLimit[]): Limit[] =>
      given.map((limit, index) => ({ number: index + 1, operations: [], interval: "MONTH", ...limit, used: 0n, window }));
    const named = members.map((given, index) => ({ number: index + 1, removed: false, limits: limits(given) }));
    this.wallet = deepFreeze({ ...opened, members: named });
    this.act(grantOf(credits), START);
  }

  act(command: WalletCommand, now: Instant): Outcome {
    const outcome = decide(this.wallet, command, now);
    this.#absorb(outcome.wallet, outcome.transactions);
    return outcome;
  }

  /** The limits of a member, as they are by then. */
  limits(member: number, now: Instant): readonly Limit[] {
    const { wallet, transactions } = catchUp(this.wallet, now);
    this.#absorb(wallet, transactions);
    return limitsOf(this.wallet, member);
  }

  remove(member: number): void {
    const members = this.wallet.members.map((one) => (one.number === member ? { ...one, removed: true, limits: [] } : one));
    this.wallet = deepFreeze({ ...this.wallet, members });
  }

  #absorb(wallet: Wallet, transactions: readonly Transaction[]): void {
    const heldAt = (sequence: number | null) => wallet.holds.find((hold) => hold.sequence === sequence)?.heldAt ?? null;
    const spents = transactions.map((one) => spentOf(one, 0n, heldAt(one.relatesTo)));
    this.wallet = deepFreeze({ ...wallet, spents: [...wallet.spents, ...spents] });
    this.transactions.push(...transactions);
  }
}
