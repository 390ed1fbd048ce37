import { assert } from "../core/assert";
import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import type { Transaction as Database } from "../platform/transaction";
import { versionsById } from "./catalogue";
import { decideSubscription } from "./model/decide";
import type { Subscription } from "./model/types";
import { restoreState, type Versions, versionsIn } from "./store/stored-subscription";
import type { SubscriptionRecord } from "./store/subscriptions.store";
import type { Standing } from "./subscription";

/** Subscriptions out of their rows, with the plan versions that they name. `database`: the transaction that asks, if one does. */
export async function standingsOf(
  core: Pick<Core, "pool">,
  records: readonly SubscriptionRecord[],
  database: Database | null = null,
): Promise<readonly Standing[]> {
  if (records.length === 0) return [];
  const ids = records.flatMap(({ state }) => versionsIn(state));
  const found = await versionsById(core, ids, database);
  const versions: Versions = (id) => {
    const version = found.get(id);
    assert(version, `plan version ${id} is referred to, and there for ever`);
    return version.terms;
  };
  return records.map((record) => ({
    key: { accountId: record.account_id, number: record.number },
    state: restoreState(record.state, versions),
    commandCount: record.command_count,
    actCount: record.act_count,
    testClock: record.test_clock,
  }));
}

export async function standingOf(core: Pick<Core, "pool">, record: SubscriptionRecord, database: Database): Promise<Standing> {
  const [standing] = await standingsOf(core, [record], database);
  return standing as Standing;
}

/** What time it is for a subscription. */
export function nowFor({ clock }: Pick<Core, "clock">, { testClock }: Pick<Standing, "testClock">): Instant {
  return testClock ?? clock.now();
}

/** The subscription as time has made it, whether or not anybody has written that yet. */
export function asOf(state: Subscription, now: Instant): Subscription {
  return decideSubscription(state, { type: "tick" }, now).state;
}
