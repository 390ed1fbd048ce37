import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Count, type Way } from "./count";
import { OverHttp } from "./over-http";
import { OverSockets } from "./over-sockets";
import type { Phase, Plan, Told } from "./plan";

/**
 * A program that drives a server as a crowd does that knows nothing of each other: requests come at a given rate, whether or not those
 * before have been answered (an open loop). A process of its own, and no more than such a thing needs, so that it can really send three
 * times what the server can do, on processors that it shares with it. The plan comes by standard input.
 */

/** Milliseconds that answers may take after a phase is over. */
const PATIENCE = 10_000;

class Crowd {
  readonly #way: Way;
  #sent = 0;
  /** What a closed loop does whenever an answer is there. */
  #next: (() => void) | null = null;

  constructor(private readonly plan: Plan) {
    const Transport = plan.transport === "http" ? OverHttp : OverSockets;
    this.#way = new Transport(
      plan,
      () => this.#body(),
      () => this.#next?.(),
    );
  }

  open(): Promise<void> {
    return this.#way.open();
  }

  async run(phase: Phase): Promise<Told> {
    const count = new Count();
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    const until = began + phase.seconds * 1000;
    if ("rate" in phase.load) await this.#openLoop(phase.load.rate, until, count);
    else await this.#closedLoop(phase.load.inFlight, until, count);
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    await allAnswered(count);
    return count.told(phase, seconds, this.#way.connections, (user + system) / 1e6 / seconds);
  }

  async #openLoop(rate: number, until: number, count: Count): Promise<void> {
    const began = performance.now();
    for (let now = began; now < until; now = performance.now()) {
      for (; count.due < ((now - began) / 1000) * rate; count.due++) this.#way.send(began + (count.due / rate) * 1000, count);
      await delay(1);
    }
  }

  async #closedLoop(inFlight: number, until: number, count: Count): Promise<void> {
    this.#next = () => {
      count.due += 1;
      this.#way.send(performance.now(), count);
    };
    for (let sent = 0; sent < inFlight; sent++) this.#next();
    await delay(until - performance.now());
    this.#next = null;
  }

  #body(): string {
    const { wallets, query } = this.plan;
    const number = this.#sent++;
    const input = {
      walletId: wallets[number % wallets.length],
      amount: "1",
      operation: "chat.completion",
      idempotencyKey: `crowd-${process.pid}-${number}`,
    };
    return JSON.stringify({ query, variables: { input } });
  }
}

/** Waits for what is still under way; what has no answer after that has failed. */
async function allAnswered(count: Count): Promise<void> {
  const until = performance.now() + PATIENCE;
  while (count.pending > 0 && performance.now() < until) await delay(10);
  for (let missing = count.pending; missing > 0; missing--) count.fail("no answer");
}

async function main(): Promise<void> {
  const plan = JSON.parse(readFileSync(0, "utf8")) as Plan;
  const crowd = new Crowd(plan);
  await crowd.open();
  for (const phase of plan.phases) process.stdout.write(`${JSON.stringify(await crowd.run(phase))}\n`);
  process.exit();
}

void main();
