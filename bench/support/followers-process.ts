import { systemClock } from "../../src/platform/clock";
import { pause } from "./drive";
import { Follower } from "./follower";
import type { Order, Report } from "./followers";
import { inParallel } from "./stage";

/** The program of the process that all followers live in. It does what its parent tells it: see `Followers`. */

/** As many at once as come back together after a break; more would only wait for each other. */
const OPENING_AT_ONCE = 100;
const PATIENCE_SECONDS = 20;
const LOOK_EVERY_SECONDS = 0.005;

let followers: Follower[] = [];
/** Three numbers a delivery: whose, its sequence, and when it came, in microseconds since 1970. */
let deliveries: number[] = [];
let disorderly = 0;

async function obey(order: Order): Promise<Report> {
  if (order.type === "open") {
    followers = [];
    const url = new URL(order.url);
    await inParallel([...order.followings.entries()], OPENING_AT_ONCE, ([index, following]) => {
      const follower = new Follower(url, following, (sequence, before) => {
        if (sequence <= before) disorderly += 1;
        deliveries.push(index, sequence, Number(systemClock.now()));
      });
      followers[index] = follower;
      return follower.opened;
    });
  }
  if (order.type === "record") [deliveries, disorderly] = [[], 0];
  if (order.type === "settle") return settle(order.sequences);
  if (order.type === "close") for (const follower of followers) follower.close();
  return { type: "done" };
}

/** Waits until all have been told of these sequences. */
async function settle(sequences: readonly number[]): Promise<Report> {
  const waiting = () => followers.filter(({ last }, index) => last < (sequences[index] ?? 0)).length;
  for (let waited = 0; waited < PATIENCE_SECONDS && waiting() > 0; waited += LOOK_EVERY_SECONDS) await pause(LOOK_EVERY_SECONDS);
  return { type: "settled", behind: waiting(), disorderly, deliveries: Float64Array.from(deliveries) };
}

process.on("message", (order: Order) => void obey(order).then((report) => process.send?.(report)));
// Its parent is gone.
process.on("disconnect", () => process.exit());
