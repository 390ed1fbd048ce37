import { nextDueAt } from "./model/catch-up";
import type { Grant, Wallet } from "./model/types";
import type { LoadedWallet } from "./store/loaded-wallet";
import type { ThresholdWrite, Writes } from "./store/wallet.writes";

/** One wallet before and after a part of a batch. What the model did not touch is the same object still. */
export class Change {
  constructor(
    private readonly before: LoadedWallet,
    private readonly after: Wallet,
  ) {}

  wallet(): Writes["wallets"] {
    const due = nextDueAt(this.after);
    const { wallet, nextDueAt: dueBefore, revision } = this.before;
    const { sequence, alertCount, depletion, thresholds } = this.after;
    const same =
      sequence === wallet.sequence &&
      alertCount === wallet.alertCount &&
      depletion === wallet.depletion &&
      due === dueBefore &&
      sameItems(thresholds, wallet.thresholds);
    return same ? [] : [{ wallet: this.after, nextDueAt: due, revision: revision + 1n }];
  }

  newGrants(): Writes["newGrants"] {
    const { grantCount } = this.before.wallet;
    return this.after.grants.filter((grant) => grant.number > grantCount).map((grant) => this.#grantWrite(grant));
  }

  changedGrants(): Writes["changedGrants"] {
    const before = new Set(this.before.wallet.grants);
    const { grantCount } = this.before.wallet;
    return this.after.grants
      .filter((grant) => grant.number <= grantCount && !before.has(grant))
      .map((grant) => this.#grantWrite(grant));
  }

  holds(): Writes["holds"] {
    const before = new Set(this.before.wallet.holds);
    return this.after.holds.filter((hold) => !before.has(hold)).map((hold) => ({ key: this.after.key, hold }));
  }

  limits(): Writes["limits"] {
    const { key, members } = this.after;
    if (members === this.before.wallet.members) return [];
    const before = new Set(this.before.wallet.members.flatMap((member) => member.limits));
    return members.flatMap(({ number: member, limits }) =>
      limits.filter((limit) => !before.has(limit)).map((limit) => ({ key, member, limit })),
    );
  }

  thresholds(): readonly ThresholdWrite[] {
    const before = new Set(this.before.wallet.thresholds);
    const { key, sequence, clockAt: at } = this.after;
    return this.after.thresholds.filter((one) => !before.has(one)).map((one) => ({ key, ...one, sequence, at }));
  }

  #grantWrite(grant: Grant) {
    const { key, clockAt: at, sequence } = this.after;
    return { key, grant, at, sequence };
  }
}

function sameItems(list: readonly unknown[], other: readonly unknown[]): boolean {
  return list.length === other.length && list.every((item, index) => item === other[index]);
}
