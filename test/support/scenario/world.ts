import type { Instant } from "../../../src/core/time";
import type { WalletRefusal } from "../../../src/wallet/model/commands";
import { DEFAULT_POLICY } from "../../../src/wallet/model/policy";
import type { Alert, Grant, Hold, Transaction, TransactionType, Wallet } from "../../../src/wallet/model/types";
import { emptyWallet } from "../../../src/wallet/model/wallet";
import { History } from "../history";
import { START } from "./words";

/** What a step did: nothing of the step itself when it was refused, or is no command. */
export interface Happened {
  readonly transactions: readonly Transaction[];
  readonly alerts: readonly Alert[];
  /** The command's own. */
  readonly own: Transaction | null;
  readonly refusal: WalletRefusal | null;
}

export const NOTHING_HAPPENED: Happened = { transactions: [], alerts: [], own: null, refusal: null };

/** A scenario's wallets and time. */
export class World {
  now: Instant = START;
  readonly #wallets = new Map<string, NamedWallet>();

  /** The wallet of that name, opened when it is first named. */
  wallet(name: string): NamedWallet {
    const known = this.#wallets.get(name);
    if (known) return known;
    const opened = new NamedWallet(this, this.#wallets.size + 1);
    this.#wallets.set(name, opened);
    return opened;
  }

  wallets(): readonly NamedWallet[] {
    return [...this.#wallets.values()];
  }
}

/** A wallet whose grants, holds and spends have names: their kind, and a number from the second on ("promo", "promo2"). */
export class NamedWallet {
  history: History;
  readonly #grants = new Map<string, number>();
  readonly #holds = new Map<string, number>();
  readonly #spends = new Map<string, number>();
  #named = { grants: 0, transactions: 0 };

  constructor(
    private readonly world: World,
    account: number,
  ) {
    this.history = new History(
      emptyWallet({
        key: { accountId: `00000000-0000-7000-8000-${account.toString().padStart(12, "0")}`, creditTypeId: 1 },
        now: world.now,
        policy: DEFAULT_POLICY,
        timeZone: "UTC",
        refundGrace: "P7D",
        expiryNotice: "P3D",
      }),
    );
  }

  /** Opens it again with other settings: before anything has happened. */
  reopen(settings: Partial<Wallet>): void {
    if (this.history.transactions.length > 0) throw new Error("settings stand before all that happens");
    this.history = new History({ ...this.history.wallet, ...settings });
  }

  /** Another wallet of the same world. */
  neighbour(name: string): NamedWallet {
    return this.world.wallet(name);
  }

  grantName(number: number): string {
    return [...this.#grants].find(([, one]) => one === number)?.[0] ?? `grant ${number}`;
  }

  grantNumber(name: string): number {
    return find(this.#grants, name, "grant");
  }

  grant(name: string): Grant {
    return this.history.wallet.grants[this.grantNumber(name) - 1] as Grant;
  }

  hasGrant(name: string): boolean {
    return this.#grants.has(name);
  }

  holdNumber(name: string): number {
    return find(this.#holds, name, "hold");
  }

  hasHold(name: string): boolean {
    return this.#holds.has(name);
  }

  hold(name: string): Hold {
    const sequence = this.holdNumber(name);
    return this.history.wallet.holds.find((hold) => hold.sequence === sequence) as Hold;
  }

  spendNumber(name: string): number {
    return find(this.#spends, name, "spend or capture");
  }

  /** Names what has come about since; `own` is the name that the step gives to what it makes. */
  nameNew(own: string | null): void {
    const { wallet, transactions } = this.history;
    const grants = wallet.grants.slice(this.#named.grants);
    const fresh = transactions.slice(this.#named.transactions);
    this.#named = { grants: wallet.grants.length, transactions: transactions.length };
    let given = own;
    const name = (names: Map<string, number>, word: string, number: number, last: boolean) => {
      const automatic = names.size === 0 || !names.has(word) ? word : numbered(names, word);
      const chosen = last && given !== null ? given : automatic;
      if (last) given = null;
      if (names.has(chosen)) throw new Error(`"${chosen}" is taken`);
      names.set(chosen, number);
    };
    for (const grant of grants) {
      const last = grant === grants.at(-1) && fresh.at(-1)?.type === "GRANT";
      name(this.#grants, grant.kind.toLowerCase(), grant.number, last);
    }
    for (const { type, sequence, relatesTo } of fresh) {
      const last = sequence === transactions.length;
      if (type === "HOLD" && relatesTo === null) name(this.#holds, "hold", sequence, last);
      if (SPENDS.has(type)) name(this.#spends, type.toLowerCase(), sequence, last);
    }
    if (given !== null) throw new Error(`there is nothing to be named "${given}"`);
  }
}

const SPENDS: ReadonlySet<TransactionType> = new Set(["SPEND", "CAPTURE"]);

function numbered(names: ReadonlyMap<string, number>, word: string): string {
  let count = 2;
  while (names.has(`${word}${count}`)) count++;
  return `${word}${count}`;
}

function find(names: ReadonlyMap<string, number>, name: string, what: string): number {
  const number = names.get(name);
  if (number === undefined) throw new Error(`there is no ${what} named "${name}"; there are: ${[...names.keys()].join(", ")}`);
  return number;
}
