import { formatAmount } from "../../../src/core/amount";
import type { Instant } from "../../../src/core/time";
import { numberedId, walletId } from "../../../src/wallet/ids";
import type { Command } from "../../../src/wallet/model/commands";
import type { Policy, Wallet, WaterfallKey } from "../../../src/wallet/model/types";
import { same } from "../../support/auditor/expect";
import type { Asked, Keeping, Look, MoveAnswer, PolicySpan, Sent, ShownWallet } from "./answers";
import { documentOf, LOOK, REMOVE_THRESHOLD, SET_POLICY, SET_THRESHOLD } from "./documents";
import { Guess } from "./guess";
import { inputOf, NAMING } from "./inputs";
import type { Line } from "./lines";
import { now } from "./real-time";

/** How something is sent: about which wallet, and over which line. */
export interface Way {
  readonly place: number;
  readonly line: Line;
}

/**
 * All that a history's clients say to the servers, and what is answered, with the times. What is sent does not wait for what is still
 * to be answered.
 */
export class Conversation {
  readonly sent: Sent[] = [];
  readonly looks: Look[] = [];
  readonly keepings: Keeping[] = [];
  readonly policies = new Map<number, Policy>();
  readonly spans: PolicySpan[] = [];
  readonly guess: Guess;
  readonly #flying = new Set<Promise<void>>();
  readonly #known: number[];
  #keeping: Promise<void> = Promise.resolve();

  constructor(readonly opened: readonly Wallet[]) {
    this.guess = new Guess(opened);
    this.#known = opened.map(({ sequence }) => sequence);
    opened.forEach(({ policy, clockAt }, place) => {
      this.#cameIntoForce(place, policy, clockAt);
    });
  }

  /** Resolves when all is answered; throws what went wrong. */
  async settled(): Promise<void> {
    while (this.#flying.size > 0) await Promise.all(this.#flying);
  }

  /** Sends a command; in place of an id that names nothing, if one is given. */
  send(way: Way, command: Command, nobody: string | null = null): void {
    const input = inputOf(this.#keyAt(way.place), command);
    const misnamed = nobody === null ? {} : { [NAMING[command.type]]: nobody };
    void this.#fly(async () => {
      const [asked, { done }] = await this.#ask<{ done: MoveAnswer }>(way, documentOf(command.type), {
        input: { ...input, ...misnamed },
      });
      const sent = { ...asked, command, misnamed: nobody !== null, answer: done };
      this.sent.push(sent);
      this.#learn(way.place, done.wallet);
      if (command.type === "transfer") this.#learn(this.guess.placeOf(command.to), done.receiver ?? null);
      this.guess.learn(sent);
    });
  }

  /** Resolves when the threshold that was set or removed last is. */
  kept(): Promise<void> {
    return this.#keeping;
  }

  look(way: Way): void {
    void this.#fly(async () => {
      const [asked, { wallet }] = await this.#ask<{ wallet: ShownWallet }>(way, LOOK, { id: walletId(this.#keyAt(way.place)) });
      this.looks.push({ ...asked, wallet });
      this.#learn(way.place, wallet);
    });
  }

  setThreshold(way: Way, amount: bigint): void {
    const input = { walletId: walletId(this.#keyAt(way.place)), amount: formatAmount(amount) };
    this.#keep(way, SET_THRESHOLD, input, { set: amount, remove: null });
  }

  removeThreshold(way: Way, number: number): void {
    const input = { thresholdId: numberedId("threshold", this.#keyAt(way.place), number) };
    this.#keep(way, REMOVE_THRESHOLD, input, { set: null, remove: number });
  }

  /** Between all others, so that it is known which commands were decided under it. */
  async setPolicy(way: Way, keys: readonly WaterfallKey[]): Promise<void> {
    await this.settled();
    const input = { walletId: walletId(this.#keyAt(way.place)), policy: keys };
    const [{ sentAt }, { done }] = await this.#ask<{ done: { wallet: ShownWallet } }>(way, SET_POLICY, { input });
    same(done.wallet.policy.keys, keys, "the policy that was set");
    this.#cameIntoForce(way.place, done.wallet.policy, sentAt);
    this.guess.at(way.place).setPolicy(done.wallet.policy);
  }

  /** Thresholds leave no trace in the log to tell their order by: so there is one at a time. */
  #keep(way: Way, document: string, input: object, what: Pick<Keeping, "set" | "remove">): void {
    this.#keeping = this.#fly(async () => {
      const [asked, { done }] = await this.#ask<{ done: Keeping["answer"] }>(way, document, { input });
      this.keepings.push({ ...asked, ...what, answer: done });
      this.#learn(way.place, done.wallet);
      const ledger = this.guess.at(way.place);
      if (what.set !== null) ledger.setThreshold(what.set);
      if (what.remove !== null) ledger.removeThreshold(what.remove);
    });
  }

  async #ask<Data>({ place, line }: Way, document: string, variables: object): Promise<[Asked, Data]> {
    const known = this.#known.slice();
    const sentAt = now();
    const data = await line.ask<Data>(document, variables);
    return [{ place, known, sentAt, answeredAt: now(), via: line.name }, data];
  }

  #fly(work: () => Promise<void>): Promise<void> {
    const flight = work().then(() => {
      this.#flying.delete(flight);
    });
    // What fails stays among them, for whoever waits for all.
    flight.catch(() => undefined);
    this.#flying.add(flight);
    return flight;
  }

  #keyAt(place: number) {
    return this.guess.at(place).wallet.key;
  }

  #learn(place: number, wallet: { readonly sequence: string } | null): void {
    if (wallet) this.#known[place] = Math.max(this.#known[place] as number, Number(wallet.sequence));
  }

  #cameIntoForce(place: number, policy: Policy, from: Instant): void {
    this.policies.set(policy.version, policy);
    this.spans.push({ place, version: policy.version, from });
  }
}
