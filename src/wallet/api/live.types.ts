import { ID, ObjectType } from "type-graphql";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Shown } from "../../platform/graphql/shown";
import type { WalletState } from "../live/live-news";
import type { ShownKey } from "../units";
import { BalanceView } from "./balance.types";
import { WalletView } from "./wallet.types";

/** What a follower of a wallet's balance is told: the wallet in a state, shown once to all who follow it. */
@Access(...EVERYONE)
@ObjectType("WalletBalanceUpdate", {
  simpleResolvers: true,
  description: "A wallet as it is, each time that something was written to its log; the newest state, not each in between.",
})
export class WalletBalanceUpdate {
  readonly #wallet: WalletView;

  constructor(key: ShownKey, { wallet, now }: WalletState) {
    this.#wallet = new WalletView(key, wallet, now);
  }

  @Shown(() => ID, "The wallet's id. To have a cache update the wallet itself, ask for `wallet { id balance { … } }`.")
  get id(): string {
    return this.#wallet.id;
  }

  @Shown(() => WalletView, "The wallet.")
  get wallet(): WalletView {
    return this.#wallet;
  }

  @Shown(() => BalanceView, "What it holds.")
  get balance(): BalanceView {
    return this.#wallet.balance;
  }

  @Shown(() => String, "The number of the wallet's last transaction; grows from update to update. A decimal string.")
  get sequence(): string {
    return this.#wallet.sequence;
  }
}
