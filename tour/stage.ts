import { signToken } from "../src/accounts";
import { formatInstant } from "../src/core/time";
import { systemClock } from "../src/platform/clock";
import { Client } from "./client";

/** Who takes part, and how it is told. */
export interface Stage {
  /** The operator. */
  readonly admin: Client;
  /** The operator's application. */
  readonly service: Client;
  /** Somebody's browser, by the account's external id. */
  customer(externalId: string): Promise<Client>;
  /** Tells a line of the story. */
  tell(line: string): void;
  /** When the story begins, as ISO 8601 with `Z`: on a 31 January, so that its months end on different days. */
  readonly begins: string;
}

/** Where a server is, and with which keys it is entered. */
export interface Door {
  readonly url: string;
  readonly adminKey: string;
  readonly serviceKey: string;
}

export const CREDITS = "studio";
export const MARKET_CREDITS = "market";
const DAY = 86_400_000_000n;

/** `secret`: what the server reads customers' tokens with. */
export function stageAt({ url, adminKey, serviceKey }: Door, secret: string, tell: (line: string) => void): Stage {
  const now = systemClock.now();
  const sign = (subject: string) =>
    signToken(Buffer.from(secret), { subject, expiresAt: now + DAY }, { issuer: null, audience: null });
  return {
    admin: new Client(url, adminKey),
    service: new Client(url, serviceKey),
    customer: async (externalId) => new Client(url, await sign(externalId)),
    tell,
    begins: `${Number(formatInstant(now).slice(0, 4)) + 1}-01-31T09:00:00Z`,
  };
}

/** Something counted, as the price list calls it. */
export function of(dimension: string, quantity: string | number) {
  return [{ dimension, quantity: String(quantity) }];
}
