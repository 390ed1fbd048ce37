import type { Client, Refusable } from "./client";
import { CREDITS, type Stage } from "./stage";

/** A customer of the story: an account on a test clock, its wallet, and what is done with it. */
export class Customer {
  #keys = 0;

  private constructor(
    readonly stage: Stage,
    readonly externalId: string,
    /** Their browser. */
    readonly browser: Client,
  ) {}

  /** Makes the account, and puts it on a clock of its own. */
  static async signUp(stage: Stage, externalId: string, name: string, timeZone = "UTC"): Promise<Customer> {
    await stage.admin.do("createAccount", { externalId, name, timeZone }, "account { id }");
    await stage.admin.do("startTestClock", { externalId, at: stage.begins, reason: "The tour" }, "account { id }");
    return new Customer(stage, externalId, await stage.customer(externalId));
  }

  /** An idempotency key that was not used yet. */
  key(): string {
    this.#keys += 1;
    return `${this.externalId}-${this.#keys}`;
  }

  /** Lets its time pass. */
  async until(to: string): Promise<void> {
    await this.stage.admin.do("advanceTestClock", { externalId: this.externalId, to }, "account { id }");
  }

  /** Uses an operation, as the operator's application does; answers the credits that it cost. */
  async use(operation: string, quantities: readonly object[], rest: object = {}): Promise<Use & Refusable> {
    const { service } = this.stage;
    const input = { ...this.named, operation, quantities, idempotencyKey: this.key(), ...rest };
    return service.attempt<Use>("spend", input, USED);
  }

  /** What there is, as their browser shows it. */
  async balance(): Promise<Shown> {
    const { walletOf } = await this.browser.ask<{ readonly walletOf: Shown }>(BALANCE, this.named);
    return walletOf;
  }

  get named(): { readonly externalId: string; readonly creditType: string } {
    return { externalId: this.externalId, creditType: CREDITS };
  }
}

interface Use {
  readonly transaction: {
    readonly amount: string;
    readonly entries: readonly { readonly amount: string; readonly reason: string; readonly grant: { readonly kind: string } }[];
  } | null;
}

/** A balance, the grants that are alive, in the order in which they will pay, and what was told of them, in the order of time. */
export interface Shown {
  readonly id: string;
  readonly balance: { readonly available: string; readonly held: string; readonly pending: string; readonly debt: string };
  readonly grants: {
    readonly edges: readonly {
      readonly node: { readonly kind: string; readonly available: string; readonly expiresAt: string | null };
    }[];
  };
  readonly alerts: {
    readonly edges: readonly {
      readonly node: { readonly type: string; readonly thresholdAmount: string | null; readonly spendable: string };
    }[];
  };
}

const USED = "transaction { amount entries { amount reason grant { kind } } }";
const BALANCE = `query($externalId: String!, $creditType: String!) {
  walletOf(externalId: $externalId, creditType: $creditType) {
    id balance { available held pending debt }
    grants(first: 20, status: [ACTIVE]) { edges { node { kind available expiresAt } } }
    alerts(last: 20) { edges { node { type thresholdAmount spendable } } }
  }
}`;
