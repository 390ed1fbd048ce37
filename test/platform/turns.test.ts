import { describe, expect, test } from "@jest/globals";
import { Turns } from "../../src/platform/turns";

/** Work that ends when it is told to. */
function work() {
  let end: (failed: boolean) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (failed) => (failed ? reject(new Error("failed")) : resolve());
  });
  return { ended, end };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("turns", () => {
  test("are taken by so many at once, and then in the order of arrival", async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    const works = [work(), work(), work(), work()];
    const taken = works.map(({ ended }, index) =>
      turns.take(async () => {
        begun.push(index);
        await ended;
        return index;
      }),
    );
    await turn();
    expect(begun).toEqual([0, 1]);
    works[1]?.end(false);
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    for (const { end } of works) end(false);
    expect(await Promise.all(taken)).toEqual([0, 1, 2, 3]);
  });

  test("pass on from what fails, which is told to whoever took it", async () => {
    const turns = new Turns(1);
    const failing = work();
    const taken = turns.take(() => failing.ended);
    const next = turns.take(async () => "next");
    failing.end(true);
    await expect(taken).rejects.toThrow("failed");
    expect(await next).toBe("next");
    expect(await turns.take(async () => "later")).toBe("later");
  });
});
