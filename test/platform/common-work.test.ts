import { expect, test } from "@jest/globals";
import { CommonWork } from "../../src/platform/common-work";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("work that is asked for in the same turn is done once, and not before the turn is over", async () => {
  const shared = new CommonWork<number>();
  let done = 0;
  const work = async () => ++done;
  const [event, other] = [{}, {}];
  const answers = [shared.ask(event, "a", work), shared.ask(event, "a", work), shared.ask(event, "b", work)];
  answers.push(shared.ask(other, "a", work));
  expect(done).toBe(0);
  expect(await Promise.all(answers)).toEqual([1, 1, 2, 3]);
});

test("whoever asks when it has begun gets work that begins later, even while the first is not done", async () => {
  const shared = new CommonWork<string>();
  const event = {};
  let finish: (answer: string) => void = () => undefined;
  const first = shared.ask(event, "a", () => new Promise((resolve) => (finish = resolve)));
  await turn();
  expect(await shared.ask(event, "a", async () => "newer")).toBe("newer");
  finish("older");
  expect(await first).toBe("older");
});

test("work that fails fails for all who asked, and for nobody else", async () => {
  const shared = new CommonWork<string>();
  const fail = async () => {
    throw new Error("it broke");
  };
  const answers = [shared.ask(1, "a", fail), shared.ask(1, "a", fail), shared.ask(2, "a", async () => "well")];
  expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  expect(await shared.ask(1, "a", async () => "well again")).toBe("well again");
});
