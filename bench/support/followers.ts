import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { Following } from "./follower";

export type Order =
  | { readonly type: "open"; readonly url: string; readonly followings: readonly Following[] }
  | { readonly type: "record" }
  | { readonly type: "settle"; readonly sequences: readonly number[] }
  | { readonly type: "close" };

export type Report = { readonly type: "done" } | ({ readonly type: "settled" } & Recording);

export interface Recording {
  /** How many followers have not been told all. */
  readonly behind: number;
  /** How many deliveries told a follower what it had been told, or what was older. */
  readonly disorderly: number;
  /** Three numbers a delivery, in the order in which they came: whose, its sequence, and the microsecond since 1970. */
  readonly deliveries: Float64Array;
}

/** Subscribers of a server, in a process of their own. */
export class Followers {
  readonly #child: ChildProcess = fork(resolve(__dirname, "followers-process.js"), { serialization: "advanced" });
  readonly #ended = once(this.#child, "exit");

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Opens a socket for each, and waits until each has been told something. */
  async open(url: URL, followings: readonly Following[]): Promise<void> {
    await this.#tell({ type: "open", url: url.href, followings });
  }

  /** Forgets what was delivered so far. */
  async record(): Promise<void> {
    await this.#tell({ type: "record" });
  }

  /** Waits, but not for ever, until each has been told of its sequence or a later one. Answers what was delivered since the recording began. */
  async settle(sequences: readonly number[]): Promise<Recording> {
    const report = await this.#tell({ type: "settle", sequences });
    if (report.type !== "settled") throw new Error("the followers did not say how they stand");
    return report;
  }

  async close(): Promise<void> {
    await this.#tell({ type: "close" });
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
  }

  async #tell(order: Order): Promise<Report> {
    const answered = once(this.#child, "message");
    this.#child.send(order);
    const [report] = (await Promise.race([answered, this.#ended])) as [Report | number | null];
    if (typeof report !== "object" || report === null) throw new Error("the process of the followers ended");
    return report;
  }
}
