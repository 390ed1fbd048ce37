import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import type { WalletKey } from "./model/types";
import { readDue, readNextDue } from "./store/keeping.store";
import { textOf } from "./store/wallet.store";
import { catchUpNow } from "./submit";

/** How many wallets are caught up in one go. */
const STRIDE = 500;
/** Microseconds until it looks again though nothing is known to fall due: another server may have written what this one was not told of. */
const LOOK_AGAIN = 2_000_000n;

/**
 * Catches up the wallets in which something falls due while nobody uses them, at that instant: so history, alerts and subscribers learn
 * of it. It only hastens what the next command would do, so it may run in several servers at once, late, or not at all.
 */
export class Sweeper {
  #callOff: (() => void) | null = null;
  #wakeAt: Instant | null = null;
  #sweeping: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(private readonly core: Core) {}

  /** Begins: sweeps at once, and from then on whenever something falls due. */
  start(): void {
    this.core.alarm.listen((at) => this.#arm(at));
    this.#sweep();
  }

  /** Ends, when what it is at is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.core.alarm.listen(null);
    this.#disarm();
    await this.settled();
  }

  /** Resolves when no sweep is under way. */
  async settled(): Promise<void> {
    while (this.#sweeping) await this.#sweeping;
  }

  #arm(at: Instant): void {
    if (this.#stopped || (this.#wakeAt !== null && this.#wakeAt <= at)) return;
    this.#disarm();
    this.#wakeAt = at;
    this.#callOff = this.core.clock.at(at, () => {
      this.#wakeAt = null;
      this.#sweep();
    });
  }

  #disarm(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#wakeAt = null;
  }

  #sweep(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#sweeping ??= this.#run();
  }

  async #run(): Promise<void> {
    let next: Instant | null = null;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        next = await this.#sweepDue();
      } catch (error) {
        next = null;
        this.core.log.warn({ err: error }, "the sweep failed and is tried again");
      }
    }
    this.#sweeping = null;
    const lookAgain = this.core.clock.now() + LOOK_AGAIN;
    this.#arm(next !== null && next < lookAgain ? next : lookAgain);
  }

  /** Catches up all that is due, each wallet once; answers when the next thing falls due. */
  async #sweepDue(): Promise<Instant | null> {
    const seen = new Set<string>();
    let passed = 0;
    for (let more = true; more && !this.#stopped; ) {
      const due = await readDue(this.core.pool, this.core.clock.now(), STRIDE + passed);
      const fresh = due.filter((key) => !seen.has(textOf(key)));
      // What is due still after its turn has failed: it is passed over, so that it holds up no others, until the next look.
      more = fresh.length > 0 || due.length > passed;
      passed = due.length - fresh.length;
      for (const key of fresh) seen.add(textOf(key));
      await Promise.all(fresh.map((key) => this.#catchUp(key)));
    }
    return readNextDue(this.core.pool, this.core.clock.now());
  }

  async #catchUp(key: WalletKey): Promise<void> {
    try {
      await catchUpNow(this.core, key);
      this.core.metrics.count("wallets_swept");
    } catch (error) {
      this.core.log.error({ err: error, ...key }, "a wallet could not be caught up");
    }
  }
}
