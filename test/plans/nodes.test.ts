import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { formatInstant } from "../../src/core/time";
import { publishDone, publish as publishPrices } from "../pricing/asking";
import { ADMIN, type Api, createApi, customer, SERVICE } from "../support/api";
import { aPlan, order, publish, shown, start } from "./asking";

/** Ids of catalogues can be guessed: what they name is told to whom the queries tell it. */

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

/** Whether the operator, a service and a customer see it. */
async function seenBy(id: string | undefined, accountId: string): Promise<readonly boolean[]> {
  const seen = [ADMIN, SERVICE, customer(accountId)].map(async (identity) => {
    const { node } = await api.ask<{ node: object | null }>("query ($id: ID!) { node(id: $id) { id } }", { id }, identity);
    return node !== null;
  });
  return Promise.all(seen);
}

test("a retired plan, its versions and its prices are for customers who are on it, or were", async () => {
  const [subscriber, other] = [await api.wallet(), await api.wallet()];
  const name = await aPlan(api);
  const { plan, version } = await publish(api, { name, basedOn: 1 });
  await publishDone(api, [{ operation: "image", flat: "5" }]);
  const prices = await publishPrices(api, [{ operation: "image", flat: "4" }], null, { plan: name });
  const ids = [plan?.id, version?.id, prices.version?.id];
  for (const id of ids) expect(await seenBy(id, other.accountId)).toEqual([true, true, true]);
  const { id: subscription } = shown(await start(api, subscriber, name));
  await api.mutate("retirePlan", { plan: name }, "refusal { code }");
  for (const id of ids) {
    expect(await seenBy(id, subscriber.accountId)).toEqual([true, true, true]);
    expect(await seenBy(id, other.accountId)).toEqual([true, true, false]);
  }
  await order(api, "cancelSubscription", subscription, { when: "NOW" });
  for (const id of ids) expect(await seenBy(id, subscriber.accountId)).toEqual([true, true, true]);
});

test("prices that were withdrawn before they applied are the operator's alone; an app's are not for customers to find", async () => {
  const { accountId } = await api.wallet();
  await api.mutate("createCreditType", { name: "other" }, "created");
  const list = { creditType: "other" };
  const one = await publishPrices(api, [{ operation: "image", flat: "5" }], null, list);
  const effectiveFrom = formatInstant(api.core.clock.now() + 86_400_000_000n);
  const planned = await publishPrices(api, [{ operation: "image", flat: "9" }], 1, { ...list, effectiveFrom });
  const studio = await publishPrices(api, [{ operation: "image", flat: "3" }], null, { ...list, app: "studio" });
  expect(await seenBy(one.version?.id, accountId)).toEqual([true, true, true]);
  expect(await seenBy(studio.version?.id, accountId)).toEqual([true, true, false]);
  await api.mutate("withdrawPrices", { versionId: planned.version?.id }, "refusal { code }");
  expect(await seenBy(planned.version?.id, accountId)).toEqual([true, false, false]);
});
