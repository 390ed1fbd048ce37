import { runLow, signUp, upgrade } from "./ada";
import { setUp } from "./catalogue";
import { buyPack, cancel } from "./leave";
import { market } from "./market";
import type { Stage } from "./stage";
import { team } from "./team";
import { months } from "./year";

/**
 * The operator's story: a credit economy is set up, and a customer lives in it for more than a year, all through the public API. Answers
 * all that was seen on the way. Throws when something is refused that should have been done.
 */
export async function tellStory(stage: Stage) {
  const words = await setUp(stage);
  const arrived = await signUp(stage);
  const { ada, subscriptionId } = arrived;
  const low = await runLow(ada, ada);
  const upgraded = await upgrade(ada, subscriptionId);
  const year = await months(ada, 2, 12);
  const pack = await buyPack(ada);
  const left = await cancel(ada, subscriptionId, 14);
  return { words, arrived, low, upgraded, year, pack, left, team: await team(stage), market: await market(stage) };
}
