import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import { DueLoop, handleDue } from "../platform/due-loop";
import type { WalletKey } from "./model/types";
import { readDue, readNextDue } from "./store/keeping.store";
import { textOf } from "./store/wallet.store";
import { catchUpNow } from "./submit";

/** How many wallets are caught up in one go. */
const STRIDE = 500;

/**
 * Catches up the wallets in which something falls due while nobody uses them, at that instant: so history, alerts and subscribers learn
 * of it. It only hastens what the next command would do, so it may run in several servers at once, late, or not at all.
 */
export class Sweeper {
  readonly #loop: DueLoop;

  constructor(private readonly core: Core) {
    this.#loop = new DueLoop({ clock: core.clock, log: core.log, sweep: () => this.#sweepDue() });
  }

  /** Begins: sweeps at once, and from then on whenever something falls due. */
  start(): void {
    this.core.alarm.listen((at) => this.#loop.arm(at));
    this.#loop.start();
  }

  /** Ends, when what it is at is done. */
  async stop(): Promise<void> {
    this.core.alarm.listen(null);
    await this.#loop.stop();
  }

  /** Resolves when no sweep is under way. */
  settled(): Promise<void> {
    return this.#loop.settled();
  }

  /** Catches up all that is due, each wallet once; answers when the next thing falls due. */
  async #sweepDue(): Promise<Instant | null> {
    await handleDue<WalletKey>({
      read: (limit) => readDue(this.core.pool, this.core.clock.now(), limit),
      textOf,
      handle: (key) => this.#catchUp(key),
      stride: STRIDE,
      stopped: () => this.#loop.stopped,
    });
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
