import type { Api } from "../support/api";
import { liveOf, order, shown, start } from "./asking";

/** Has the account be on the latest version of a plan from now on; null: on none. */
export async function putOnPlan(api: Api, accountId: string, plan: string | null): Promise<void> {
  const live = await liveOf(api, { accountId });
  if (plan !== null) {
    const when = { plan, when: "NOW_RESET" };
    shown(live ? await order(api, "changeSubscription", live.id, when) : await start(api, { accountId }, plan));
  } else if (live) shown(await order(api, "cancelSubscription", live.id, { when: "NOW" }));
}
