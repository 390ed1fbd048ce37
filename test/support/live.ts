import { LiveServer } from "../../src/platform/live";
import { readVersions } from "../../src/wallet/store/live.reads";
import { createTestCore, type ManualClock, type TestCore } from "./core";

export interface LiveCore extends TestCore {
  readonly followed: LiveServer;
}

export interface LiveCoreOptions {
  readonly clock?: ManualClock;
  /** Whether servers hint each other; else only the poll tells. */
  readonly hints?: boolean;
  /** Null: there is no poll, and what another server did is told by a hint or not at all. */
  readonly pollMilliseconds?: number | null;
}

/** A core whose wallets can be followed; hints of others reach it from now on. */
export async function createLiveCore(url: string, options: LiveCoreOptions = {}): Promise<LiveCore> {
  const { clock, hints = true, pollMilliseconds = null } = options;
  let followed: LiveServer | null = null;
  const core = await createTestCore(url, {
    ...(clock === undefined ? {} : { clock }),
    live: (pool, log) => {
      followed = new LiveServer({
        versions: (topics) => readVersions(pool, topics),
        pollMilliseconds,
        hints: hints ? { url, windowMilliseconds: 20 } : null,
        log,
        metrics: { count: () => undefined },
      });
      return followed;
    },
  });
  const live = followed as unknown as LiveServer;
  live.start();
  await live.listening();
  return {
    ...core,
    followed: live,
    stop: async () => {
      await live.stop();
      await core.stop();
    },
  };
}

/** Pulls so many events; fewer when they end. */
export async function take<Event>(events: AsyncGenerator<Event, void, void>, count: number): Promise<Event[]> {
  const taken: Event[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}
