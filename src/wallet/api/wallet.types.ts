import { ID, Int, ObjectType } from "type-graphql";
import type { Instant } from "../../core/time";
import type { ShownAmount } from "../../core/unit";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Node } from "../../platform/graphql/node";
import { AmountScalar, DateTimeScalar, DurationScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import type { CreditType } from "../credit-type";
import { creditTypeIdOf, walletId } from "../ids";
import { catchUp } from "../model/catch-up";
import type { Wallet } from "../model/types";
import { timeOf } from "../model/wallet";
import type { ShownKey } from "../units";
import { ThresholdView } from "./alert.types";
import { BalanceView } from "./balance.types";
import { PolicyView } from "./explanation.types";

/** A wallet as the API shows it at an instant: what fell due until then counts, whether or not it is written yet. */
@Access(...EVERYONE)
@ObjectType("Wallet", {
  implements: Node,
  simpleResolvers: true,
  description: "One account's holding of one credit type: a stack of grants, and a log of transactions.",
})
export class WalletView implements Node {
  #caughtUp: Wallet | null = null;

  /** The instant that it is shown at: its own, where its account has a test clock. */
  readonly now: Instant;

  constructor(
    readonly key: ShownKey,
    readonly written: Wallet,
    now: Instant,
  ) {
    this.now = timeOf(written, now);
  }

  /**
   * The wallet as it is at `now`; just before a hold ends that was not due yet when the wallet was loaded, and so is not in it: what
   * fell due after that would make a balance that there never was.
   */
  get wallet(): Wallet {
    const { unloadedDueAt } = this.written;
    const until = unloadedDueAt !== null && unloadedDueAt <= this.now ? unloadedDueAt - 1n : this.now;
    this.#caughtUp ??= catchUp(this.written, until).wallet;
    return this.#caughtUp;
  }

  get id(): string {
    return walletId(this.key);
  }

  @Shown(() => String, "The number of its last transaction; `0` when there is none. A decimal string; never decreases.")
  get sequence(): string {
    return String(this.written.sequence);
  }

  @Shown(() => BalanceView, "What it holds, as of this answer.")
  get balance(): BalanceView {
    return new BalanceView(this.wallet.balance, this.key.unit);
  }

  @Shown(() => PolicyView, "The order in which its grants pay.")
  get policy(): PolicyView {
    return this.written.policy;
  }

  @Shown(
    () => [ThresholdView],
    "The levels of its spendable balance that alerts tell the crossing of; zero is always one, and not listed.",
  )
  get thresholds(): readonly ThresholdView[] {
    return this.wallet.thresholds.map((threshold) => new ThresholdView(this.key, threshold));
  }
}

@Access(...EVERYONE)
@ObjectType("CreditType", {
  implements: Node,
  simpleResolvers: true,
  description: "A unit of value, such as `credits` or `image`, with its defaults.",
})
export class CreditTypeView implements Node {
  constructor(readonly terms: CreditType) {}

  get id(): string {
    return creditTypeIdOf(this.terms.id);
  }

  @Shown(() => String, "Its name; unique, and never changed.")
  get name() {
    return this.terms.name;
  }

  @Shown(() => DurationScalar, "How long a REFUND grant lives when the grant that paid has ended.")
  get refundGrace() {
    return this.terms.refundGrace;
  }

  @Shown(() => DurationScalar, "How long before its expiry a grant is announced by an EXPIRING_SOON alert.")
  get expiryNotice() {
    return this.terms.expiryNotice;
  }

  @Shown(() => DurationScalar, "How long a grant lives that names no `expiresAt`; null: it never expires.", { nullable: true })
  get defaultExpiry() {
    return this.terms.defaultExpiry;
  }

  @Shown(() => DateTimeScalar, "When it was made.")
  get createdAt() {
    return this.terms.createdAt;
  }
}

@Access(...EVERYONE)
@ObjectType("UsageRow", { simpleResolvers: true, description: "What was used of a wallet, within one group and interval." })
export class UsageRowView {
  @Shown(() => DateTimeScalar, "When the interval begins; null when no interval was asked for.", { nullable: true })
  readonly start!: Instant | null;

  @Shown(() => String, "The operation; null for uses that named none, and when not grouped by it.", { nullable: true })
  readonly operation!: string | null;

  @Shown(() => ID, "The app; null for uses that named none, and when not grouped by it.", { nullable: true })
  readonly app!: string | null;

  @Shown(() => String, "Who asked; null when not grouped by it.", { nullable: true })
  readonly actor!: string | null;

  @Shown(() => String, "The member of the team, by your own id; null for the team's own uses, and when not grouped by it.", {
    nullable: true,
  })
  readonly member!: string | null;

  @Shown(() => Int, "How many spends and captures.")
  readonly count!: number;

  @Shown(() => AmountScalar, "The credits that they took; refunds are not taken off.")
  readonly amount!: ShownAmount;
}
