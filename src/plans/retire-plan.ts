import { type Operator, recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import type { Plan } from "./plan";
import { planId, planJson } from "./plan-acts";
import { lockPlan, markRetired } from "./store/plans.store";

/** Takes a plan off the market: nobody starts on it or changes to it any more; those who are on it stay. Once more answers the same. Null: no such plan. */
export function retirePlan(core: Pick<Core, "pool" | "clock">, name: string, by: Operator): Promise<Plan | null> {
  return inTransaction(core.pool, "write", async (database) => {
    const plan = await lockPlan(database, name);
    if (!plan || plan.retired) return plan;
    const at = core.clock.now();
    const retired = await markRetired(database, plan, at, by.actor);
    const states = { before: planJson(plan), after: planJson(retired) };
    recordAct(database, { at, ...by, action: "retirePlan", subject: planId(plan.id), accountId: null, ...states });
    return retired;
  });
}
