import { parseInstant } from "../../src/core/time";
import type { WalletKey } from "../../src/wallet";
import { walletId } from "../../src/wallet";
import { nextKey } from "../engine";
import { pause } from "./drive";
import { HttpConnection } from "./http-client";

const SPEND_BATCH =
  "mutation Spends($input: [SpendInput!]!) { spendBatch(input: $input) { transaction { sequence recordedAt } refusal { code } } }";
/** The grants that `makeWallets` gives each wallet are its first transactions. */
const GRANTS = 3;

/** How the spends come: so many in one `spendBatch`, and so many a second, whatever becomes of those before. */
export interface Load {
  readonly rate: number;
  readonly batch: number;
}

/** Spends from wallets in turn, over HTTP, and knows of each when it was decided. */
export class Spender {
  /** The last sequence of each wallet. */
  readonly sequences: number[];
  /** Of each wallet, when the transaction of a sequence was decided, in microseconds since 1970. */
  times: Map<number, number>[] = [];
  /** Spends that the server would not take, because it had too much to do. */
  refused = 0;
  readonly #idle: HttpConnection[] = [];
  #next = 0;

  private constructor(
    private readonly url: URL,
    private readonly authorization: string,
    readonly wallets: readonly WalletKey[],
  ) {
    this.sequences = wallets.map(() => GRANTS);
    this.forget();
  }

  static async open(url: URL, authorization: string, wallets: readonly WalletKey[]): Promise<Spender> {
    const spender = new Spender(url, authorization, wallets);
    spender.#idle.push(await HttpConnection.open(url, authorization));
    return spender;
  }

  forget(): void {
    this.refused = 0;
    this.times = this.wallets.map(() => new Map());
  }

  /** An open loop: what is due is sent, also while the server is late with what was sent before. */
  async spend({ rate, batch }: Load, seconds: number): Promise<void> {
    const sent: Promise<void>[] = [];
    const began = performance.now();
    const count = Math.ceil((rate * seconds) / batch);
    while (sent.length < count) {
      const due = Math.min(count, Math.floor(((performance.now() - began) / 1000) * (rate / batch)) + 1);
      while (sent.length < due) sent.push(this.#spendBatch(batch));
      await pause(0.001);
    }
    await Promise.all(sent);
  }

  close(): void {
    for (const connection of this.#idle) connection.close();
  }

  async #spendBatch(size: number): Promise<void> {
    const places = Array.from({ length: size }, () => this.#next++ % this.wallets.length);
    const input = places.map((place) => ({
      walletId: walletId(this.wallets[place] as WalletKey),
      amount: "1",
      operation: "chat.completion",
      idempotencyKey: nextKey(),
    }));
    const connection = this.#idle.pop() ?? (await HttpConnection.open(this.url, this.authorization));
    const answer = await connection.send(JSON.stringify({ query: SPEND_BATCH, variables: { input } })).catch(unlessRefused);
    this.#idle.push(connection);
    if (answer === null) {
      this.refused += size;
      return;
    }
    const { data } = JSON.parse(answer) as { data: { spendBatch: { transaction: { sequence: string; recordedAt: string } }[] } };
    for (const [index, { transaction }] of data.spendBatch.entries()) this.#note(places[index] as number, transaction);
  }

  #note(place: number, { sequence, recordedAt }: { readonly sequence: string; readonly recordedAt: string }): void {
    this.sequences[place] = Math.max(this.sequences[place] as number, Number(sequence));
    this.times[place]?.set(Number(sequence), Number(parseInstant(recordedAt)));
  }
}

/** Null for an answer that says to come again later. */
function unlessRefused(error: unknown): null {
  if (error instanceof Error && error.message.startsWith("HTTP/1.1 503")) return null;
  throw error;
}
