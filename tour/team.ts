import { addPeriods, formatInstant, parseInstant } from "../src/core/time";
import { Customer } from "./account";
import { CREDITS, of, type Stage } from "./stage";

/** A team on one pool of credits, whose members have budgets of their own. */
export async function team(stage: Stage) {
  stage.tell("\nA team shares a pool; each member has a budget.");
  const studio = await Customer.signUp(stage, "studio-nine", "Studio Nine", "America/New_York");
  const { admin } = stage;
  await admin.do(
    "startSubscription",
    { externalId: "studio-nine", plan: "team", idempotencyKey: studio.key() },
    "subscription { id }",
  );
  await member(studio, "mia", [
    { creditType: CREDITS, amount: "1000" },
    { creditType: CREDITS, amount: "600", operations: ["video.*"] },
  ]);
  await member(studio, "sam", [{ creditType: CREDITS, amount: "200" }]);
  const video = await studio.use("video.standard", of("seconds", 3), { member: "mia" });
  const tooMuch = await studio.use("video.standard", of("seconds", 1), { member: "mia" });
  const image = await studio.use("image.detailed", of("images", 2), { member: "mia" });
  const refused = await studio.use("image.detailed", of("images", 2), { member: "sam" });
  for (const { refusal } of [tooMuch, refused]) stage.tell(`    ${refusal?.code}: ${refusal?.message}`);
  const left = await studio.balance();
  await studio.until(formatInstant(addPeriods(parseInstant(stage.begins) as bigint, "P1M", 1, "America/New_York")));
  const again = await studio.use("video.standard", of("seconds", 3), { member: "mia" });
  const renewed = await studio.balance();
  const beyond = await studio.use("video.high", of("seconds", 10));
  stage.tell(`    The next month begins with ${renewed.balance.available}; past the pool they pay as they go, up to 1,000.`);
  return { video, tooMuch, image, refused, left, again, renewed, beyond, after: await studio.balance() };
}

async function member(team: Customer, name: string, limits: readonly object[]): Promise<void> {
  await team.stage.admin.do("setMember", { externalId: team.externalId, member: name, limits }, "member { id }");
}
