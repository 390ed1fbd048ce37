import { expect } from "@jest/globals";
import { auditPrices } from "../../src/pricing";
import { audit } from "../../src/wallet/store/audit.reads";
import { type Api, createApi, SERVICE } from "../support/api";
import { publishDone, type SentPrice } from "./asking";

/** A price list, and spends by it, for tests. */

export const CHAT = {
  operation: "chat",
  meters: [
    { dimension: "input", rate: "0.001" },
    { dimension: "output", rate: "0.002" },
  ],
  maximum: "100",
  surcharges: [{ operation: "web.search" }],
};
export const SEARCH = { operation: "web.search", title: "web search", flat: "15" };
const IMAGE = { operation: "image", flat: "50" };
const AGENT = { operation: "agent", range: { minimum: "40", maximum: "400" } };
export const PRICES: readonly SentPrice[] = [CHAT, SEARCH, IMAGE, AGENT, { operation: "ping", flat: "0" }];

export interface Spent {
  readonly transaction: {
    readonly amount: string;
    readonly quantity: string | null;
    readonly quantities: readonly { readonly dimension: string; readonly quantity: string }[];
    readonly surcharges: readonly string[];
    readonly price: {
      readonly amount: string;
      readonly version: { readonly number: number };
      readonly lines: readonly object[];
    } | null;
  } | null;
  readonly replayed: boolean;
  readonly shortfall: string;
  readonly refusal: {
    readonly code: string;
    readonly message: string;
    readonly reason?: string;
    readonly required?: string;
  } | null;
}

const SPENT = `transaction { amount quantity quantities { dimension quantity } surcharges
    price { amount version { number } lines { operation words dimension quantity amount } } }
  replayed shortfall refusal { code message ... on NotPriced { reason name known } ... on InsufficientCredits { required } }`;

/** A server with a price list for "credits". */
export class Shop {
  /** The number of the latest version of everybody's list. */
  latest: number | null = null;
  #keys = 0;

  private constructor(readonly api: Api) {}

  static async open(): Promise<Shop> {
    const shop = new Shop(await createApi());
    await shop.publish(PRICES);
    return shop;
  }

  /** Publishes a version of everybody's list. */
  async publish(prices: readonly SentPrice[], rest: object = {}): Promise<void> {
    this.latest = await publishDone(this.api, prices, this.latest, rest);
  }

  /** An idempotency key that was not used yet. */
  unused(): string {
    this.#keys += 1;
    return `key-${this.#keys}`;
  }

  spend(walletId: string, what: object): Promise<Spent> {
    return this.api.mutate<Spent>("spend", { walletId, idempotencyKey: this.unused(), ...what }, SPENT, SERVICE);
  }

  /** Every wallet is still right, in every respect. */
  async expectSound(): Promise<void> {
    expect([...(await audit(this.api.core.pool)), ...(await auditPrices(this.api.core))]).toEqual([]);
  }
}
