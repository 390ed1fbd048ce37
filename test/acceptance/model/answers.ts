import type { Instant } from "../../../src/core/time";
import type { Command } from "../../../src/wallet/model/commands";
import type { WaterfallKey } from "../../../src/wallet/model/types";
import type { Shown } from "./shown";

/** What the API answers, as far as the tests look into it; the rest is compared as a whole. */

export interface ShownTransaction extends Shown {
  readonly id: string;
  readonly sequence: string;
  readonly idempotencyKey: string | null;
  readonly policyVersion: number;
  readonly effectiveAt: string;
  readonly recordedAt: string;
}

/** As in the log. */
export interface LoggedTransaction extends ShownTransaction {
  readonly counterpart: { readonly id: string } | null;
}

export interface ShownWallet extends Shown {
  readonly id: string;
  readonly sequence: string;
  readonly balance: Shown;
  readonly policy: { readonly version: number; readonly keys: readonly WaterfallKey[] };
}

export interface ShownAlert extends Shown {
  readonly id: string;
  readonly type: string;
  readonly sequence: string;
  readonly effectiveAt: string;
  readonly recordedAt: string;
}

export interface ShownRefusal extends Shown {
  readonly code: string;
}

/** The answer to a command. */
export interface MoveAnswer {
  readonly replayed: boolean;
  readonly refusal: ShownRefusal | null;
  readonly transaction: ShownTransaction | null;
  readonly wallet: ShownWallet | null;
  readonly grants: readonly Shown[];
  readonly hold?: Shown | null;
  readonly grant?: Shown | null;
  readonly shortfall?: string;
  readonly receiver?: ShownWallet | null;
  readonly receiverTransaction?: ShownTransaction | null;
  readonly receiverGrants?: readonly Shown[];
}

/** Something that was asked, and when: by the clock that the servers have, too. */
export interface Asked {
  /** Which of the history's wallets it is about. */
  readonly place: number;
  /** The highest sequences that answers had shown of each wallet when it was sent. */
  readonly known: readonly number[];
  readonly sentAt: Instant;
  readonly answeredAt: Instant;
  /** Over which line. */
  readonly via: string;
}

/** A command with its answer. `misnamed`: it was sent with an id that names nothing. */
export interface Sent extends Asked {
  readonly command: Command;
  readonly misnamed: boolean;
  readonly answer: MoveAnswer;
}

/** A question for a wallet. */
export interface Look extends Asked {
  readonly wallet: ShownWallet;
}

/** A threshold set or removed. */
export interface Keeping extends Asked {
  readonly set: bigint | null;
  readonly remove: number | null;
  readonly answer: {
    readonly threshold: Shown | null;
    readonly wallet: { readonly sequence: string } | null;
    readonly refusal: unknown;
  };
}

/** From when on a policy is in force in a wallet, for what is sent then. */
export interface PolicySpan {
  readonly place: number;
  readonly version: number;
  readonly from: Instant;
}
