import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stageAt } from "../../tour/stage";
import { tellStory } from "../../tour/story";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type ServerProcess, startServerProcess } from "./server-process";

/** The operator's story, as `npm run demo:tour` tells it, against the built server: what everybody saw on the way. */

const SECRET = "a secret that only this test knows, of 32 bytes or more";

let database: TestDatabase;
let server: ServerProcess;
let told: Awaited<ReturnType<typeof tellStory>>;
const lines: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DEMO: "true", JWT_SECRET: SECRET });
  told = await tellStory(stageAt(server.demo, SECRET, (line) => lines.push(line)));
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

test("the price table says what everything costs, in words and numbers", () => {
  const searched = "+15 credits with web search";
  expect(told.words).toEqual([
    "1 credit = $0.08",
    `Editor, fast: 40-400 credits (4 credits per point of effort), ${searched}`,
    `Editor, expert: 100-1,000 credits (10 credits per point of effort), ${searched}`,
    `Request: 2-10 credits (0.5 credits per 1,000 input tokens + 1.5 credits per 1,000 output tokens), ${searched}`,
    `Advanced request: 10-40 credits (2.5 credits per 1,000 input tokens + 7.5 credits per 1,000 output tokens), ${searched}`,
    "web search: 15 credits",
    "Text of a page: 8 credits per page",
    "Image: 50 credits per image",
    "Image in detail: 150 credits per image",
    "Video: 200 credits per second",
    "Video in high quality: 500 credits per second",
    "Speech: 10-80 credits (0.02 credits per character)",
  ]);
});

describe("a customer on the free plan", () => {
  test("has its allotment at once, and sees prices and what would be left before anything is done", () => {
    const { welcome, image, editor } = told.arrived;
    expect(welcome.balance).toEqual({ available: "100", held: "0", pending: "100", debt: "0" });
    expect(image).toMatchObject({ amount: "50", shortfall: "0", balanceAfter: { available: "50" } });
    expect(editor).toMatchObject({
      minimum: "100",
      maximum: "1000",
      shortfall: "900",
      coverCost: { amount: "72", currency: "USD" },
    });
  });

  test("pays by quantities, holds what is not known yet, and is told what is missing", () => {
    const { request, image, speech, captured, refused, left } = told.low;
    expect([request.transaction?.amount, image.transaction?.amount]).toEqual(["3", "50"]);
    expect([speech.amount, captured]).toEqual(["47", "24"]);
    expect(refused.refusal).toMatchObject({
      code: "INSUFFICIENT_CREDITS",
      shortfall: "127",
      coverCost: { amount: "10.16" },
      packs: [],
    });
    expect(left.balance.available).toBe("23");
    // The hold took all there was; what it did not come to is back.
    expect(left.alerts.edges.map(({ node: { type, thresholdAmount, spendable } }) => [type, thresholdAmount, spendable])).toEqual(
      [
        ["DEPLETED", "0", "0"],
        ["LOW", "30", "0"],
        ["RECOVERED", "0", "23"],
      ],
    );
  });

  test("is renewed without what was left, and upgraded to the micro-credit in mid-period, as the preview said", () => {
    const { renewed, preview, upgraded, image } = told.upgraded;
    expect(renewed.balance).toMatchObject({ available: "100", pending: "100" });
    expect(preview.map(({ what, before, after }) => [what, before, after])).toEqual([
      // The free plan's next month, the rest of its present one, and the pro plan's share of that and its next month.
      ["VOID", "100", "0"],
      ["KEEP", "100", "50"],
      ["GRANT", "0", "250"],
      ["GRANT", "0", "500"],
    ]);
    expect(upgraded.balance).toMatchObject({ available: "300", pending: "500" });
    // The pro plan's own price.
    expect(image.transaction?.amount).toBe("40");
  });
});

test("a year of the pro plan renews every month to the instant, with what was left of the month before", () => {
  // What is left of the free plan's share goes; of the pro plan's it is kept for a month.
  let kept = 250;
  for (const { begins, used } of told.year) {
    expect(begins.balance).toMatchObject({ available: String(500 + kept), pending: "500" });
    kept = Math.min(500, 500 - Math.max(0, Number(used) - kept));
  }
  expect(told.year).toHaveLength(12);
});

test("a pack is offered for what is missing, and pays after what is included", () => {
  const { refused, video } = told.pack;
  expect(refused.refusal?.code).toBe("INSUFFICIENT_CREDITS");
  expect(refused.refusal?.packs?.map(({ name }) => name)).toEqual(["pack-2500"]);
  expect(video.transaction?.entries.map(({ grant }) => grant.kind)).toEqual(["ROLLOVER", "PLAN", "PURCHASED"]);
});

test("a cancelled plan's credits end with its period; what was bought stays", () => {
  const { before, after, later } = told.left;
  expect(before.balance.pending).toBe("0");
  expect(after.grants.edges.map(({ node }) => node.kind)).toEqual(["PURCHASED"]);
  expect(later.balance).toEqual(after.balance);
});

test("a team shares a pool; no member goes past its budget, and the pool's end is paid as they go", () => {
  const { video, tooMuch, image, refused, left, again, renewed, beyond, after } = told.team;
  expect([video, image, again].map(({ transaction }) => transaction?.amount)).toEqual(["600", "300", "600"]);
  expect(tooMuch.refusal).toMatchObject({ code: "BUDGET_EXCEEDED", remaining: "0" });
  expect(refused.refusal).toMatchObject({ code: "BUDGET_EXCEEDED", remaining: "200" });
  expect(left.balance.available).toBe("4100");
  expect(renewed.balance.available).toBe("4400");
  expect(beyond.transaction?.amount).toBe("5000");
  expect(after.balance).toMatchObject({ available: "0", debt: "600" });
});

test("a marketplace's tokens are charged to the micro-credit", () => {
  expect(told.market).toMatchObject({ amount: "1.925923", balanceAfter: { available: "8.074077" } });
});
