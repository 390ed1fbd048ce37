import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { auditPrices } from "../../src/pricing";
import { aPlan } from "../plans/asking";
import { putOnPlan } from "../plans/on-plan";
import { type Api, createApi, SERVICE } from "../support/api";
import { publishDone } from "./asking";

/** What the audit finds when priced transactions do not say what their price lists say. */

let api: Api;
/** May change what the server may not. */
let owner: Client;

beforeAll(async () => {
  api = await createApi();
  owner = new Client({ connectionString: api.core.pool.options.connectionString });
  await owner.connect();
  const chat = { operation: "chat", meters: [{ dimension: "input", rate: "2" }], maximum: "100" };
  await publishDone(api, [chat, { operation: "image", flat: "50" }]);
  await publishDone(api, [chat, { operation: "image", flat: "60" }], 1);
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

/** The messages of the findings. */
async function found(): Promise<readonly string[]> {
  return (await auditPrices(api.core)).map(({ message }) => message);
}

/** Sets a column of a transaction as nobody may, looks what the audit finds, and sets it back. */
async function foundWith(change: string, sequence: number, id: string): Promise<readonly string[]> {
  const accountId = id.split("_")[1];
  const [column = ""] = change.split(" ");
  const { rows } = await owner.query(
    `UPDATE transactions t SET ${change} FROM transactions before
     WHERE t.account_id = $1 AND t.sequence = $2 AND before.account_id = t.account_id AND before.sequence = t.sequence
     RETURNING before.${column}::text AS before`,
    [accountId, sequence],
  );
  const findings = await found();
  await owner.query(`UPDATE transactions SET ${column} = $3 WHERE account_id = $1 AND sequence = $2`, [
    accountId,
    sequence,
    rows[0].before,
  ]);
  return findings;
}

describe("the audit of prices", () => {
  test("finds nothing in what was priced, taken in part, held and captured", async () => {
    const { id: walletId } = await api.wallet("500");
    const use = { walletId, operation: "image" };
    await api.mutate("spend", { ...use, idempotencyKey: "whole" }, "replayed", SERVICE);
    const { hold } = await api.mutate<{ hold: { id: string } }>(
      "holdCredits",
      { walletId, operation: "chat", idempotencyKey: "held" },
      "hold { id }",
      SERVICE,
    );
    const quantities = [{ dimension: "input", quantity: "7" }];
    await api.mutate("captureHold", { holdId: hold.id, quantities, idempotencyKey: "captured" }, "replayed", SERVICE);
    await api.mutate("spend", { walletId, amount: "410", idempotencyKey: "named" }, "replayed", SERVICE);
    await api.mutate("spend", { ...use, allowPartial: true, idempotencyKey: "a part" }, "replayed", SERVICE);
    expect(await found()).toEqual([]);
  });

  test("finds what cost more, or names a version that did not apply", async () => {
    const { id } = await api.wallet("500");
    await api.mutate("spend", { walletId: id, operation: "image", idempotencyKey: "one" }, "replayed", SERVICE);
    expect(await foundWith("amount = 60000001", 2, id)).toEqual(["transaction 2 took 60.000001 credits, and the price is 60"]);
    expect(await foundWith("price_version = 1", 2, id)).toEqual(["transaction 2 names version 1, and version 2 applied"]);
    expect(await foundWith("operation = 'draw'", 2, id)).toEqual(["transaction 2 names version 2, by which draw has no price"]);
    expect(await found()).toEqual([]);
  });

  test("finds what names another plan than the one whose prices it was reckoned by", async () => {
    const plan = await aPlan(api);
    await publishDone(api, [{ operation: "image", flat: "30" }], null, { plan });
    const { id, accountId } = await api.wallet("500");
    await putOnPlan(api, accountId, plan);
    const spend = { walletId: id, operation: "image", idempotencyKey: "on a plan" };
    const { transaction } = await api.mutate<{ transaction: { sequence: string } }>(
      "spend",
      spend,
      "transaction { sequence }",
      SERVICE,
    );
    expect(await found()).toEqual([]);
    expect(await foundWith("price_plan = NULL", Number(transaction.sequence), id)).toEqual([
      `transaction ${transaction.sequence} names version 3, and version 2 applied`,
    ]);
  });

  test("finds a capture that cost less, and a spend whose quantities say nothing", async () => {
    const { id } = await api.wallet("500");
    const { hold } = await api.mutate<{ hold: { id: string } }>(
      "holdCredits",
      { walletId: id, operation: "chat", idempotencyKey: "held" },
      "hold { id }",
      SERVICE,
    );
    const quantities = [{ dimension: "input", quantity: "7" }];
    await api.mutate("captureHold", { holdId: hold.id, quantities, idempotencyKey: "captured" }, "replayed", SERVICE);
    expect(await foundWith("quantity = 'input=8'", 3, id)).toEqual(["transaction 3 took 14 credits, and the price is 16"]);
    expect(await foundWith("quantity = NULL", 3, id)).toEqual(["transaction 3 has a price that cannot be reckoned"]);
    expect(await foundWith("amount = 100000001", 2, id)).toEqual(["transaction 2 took 100.000001 credits, and the price is 100"]);
  });
});
