import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { auditDatabase } from "../support/audit";
import { type Plan, plansOf } from "../support/histories/play";
import { inParallel } from "./graphql-request";
import type { Conversation } from "./model/conversation";
import { judge, play } from "./model/history";
import { type Stage, setStage } from "./model/stage";
import { Tally } from "./model/tally";

/**
 * As many as two cores do in a minute or so. More of them, or the same plans once more: HISTORIES=300 SEED=1 npx jest acceptance/model.
 * What the servers make of a plan depends on their timing, so a difference may take more than one run to come again.
 */
const HISTORIES = Number(process.env["HISTORIES"] ?? 150);
const SEED = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
const COMMANDS = 60;
/** How many are played at once: two cores are busy then, and still most commands are answered before the next thing falls due. */
const WIDTH = 24;

/** What a hundred histories must come to at the least, whatever the machine: about half of what they came to on a busy one. */
const LEAST = {
  commands: 4_000,
  "at once": 700,
  replayed: 150,
  misnamed: 30,
  GRANT: 500,
  SPEND: 250,
  HOLD: 200,
  CAPTURE: 10,
  RELEASE: 180,
  REFUND: 90,
  VOID: 40,
  ADJUST: 60,
  TRANSFER: 90,
  ACTIVATE: 90,
  EXPIRE: 300,
  LOW: 80,
  DEPLETED: 150,
  RECOVERED: 200,
  EXPIRING_SOON: 200,
  INSUFFICIENT_CREDITS: 120,
  IDEMPOTENCY_MISMATCH: 30,
  NOT_FOUND: 30,
  HOLD_ENDED: 10,
  NOT_REFUNDABLE: 20,
  REFUND_EXCEEDS_SPEND: 6,
  GRANT_NOT_ELIGIBLE: 14,
  TRANSFER_NOT_POSSIBLE: 8,
  BALANCE_OUT_OF_RANGE: 20,
  EXPIRES_IN_PAST: 70,
  OCCURRED_IN_FUTURE: 10,
} as const;

describe("random commands from several clients, to two servers on one database", () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage();
  });

  afterAll(() => stage.end());

  test("come to what the pure core comes to, to the hash", async () => {
    const plans = fc.sample(plansOf(COMMANDS), { seed: SEED, numRuns: HISTORIES });
    const tally = new Tally();
    const differences: string[] = [];
    const judging: Promise<void>[] = [];
    const one = async (index: number): Promise<void> => {
      const conversation = await play(stage, plans[index] as Plan, `history-${SEED}-${index}`);
      judging.push(attempt(index, () => judgeOne(conversation)));
    };
    const judgeOne = async (conversation: Conversation): Promise<void> =>
      tally.see(conversation, await judge(stage, conversation));
    const attempt = (index: number, work: () => Promise<void>): Promise<void> =>
      work().catch((error: Error) => {
        differences.push(`SEED=${SEED}, history ${index}: ${error.message}`);
      });
    await inParallel(plans.length, WIDTH, (index) => attempt(index, () => one(index)));
    await Promise.all(judging);
    if (differences.length > 0) throw new Error(`${differences.length} histories differ. ${differences[0]}`);
    expect(stage.faults()).toEqual([]);
    expect(tally.tooRare(LEAST, HISTORIES / 100)).toEqual([]);
    expect(await auditDatabase(stage.databaseUrl)).toEqual([]);
  }, 1_800_000);
});
