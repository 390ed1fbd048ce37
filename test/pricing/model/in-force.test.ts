import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { inForce } from "../../../src/pricing/model/in-force";
import { EVERYBODY, type PriceOwner, type PriceVersion } from "../../../src/pricing/model/price-list";

let ids = 0;

/** A version of a list that was published at a revision; times in any unit. */
function version(owner: PriceOwner, revision: number, from: bigint, withdrawnAtRevision?: number): PriceVersion {
  ids += 1;
  return {
    id: ids,
    creditTypeId: 1,
    owner,
    number: revision,
    revision,
    effectiveFrom: from,
    creditPrice: null,
    reason: null,
    publishedAt: from,
    publishedBy: "test",
    withdrawn: withdrawnAtRevision === undefined ? null : { at: from, by: "test", revision: withdrawnAtRevision },
  };
}

const NOBODY = { accountId: null, app: null, plan: null };
const ALICE = { accountId: "alice", app: "studio", plan: 7 };
const OF_ALICE: PriceOwner = { kind: "account", accountId: "alice" };
const OF_STUDIO: PriceOwner = { kind: "app", app: "studio" };
const OF_PRO: PriceOwner = { kind: "plan", planId: 7 };

describe("the prices in force", () => {
  const first = version(EVERYBODY, 1, 10n);
  const second = version(EVERYBODY, 2, 20n);

  test("are none before the first begins, and it is known when it will", () => {
    expect(inForce([first, second], 2, 9n, NOBODY)).toEqual({ versions: [], until: 10n });
  });

  test("begin at their instant exactly, and last until the next begins", () => {
    expect(inForce([first, second], 2, 10n, NOBODY)).toEqual({ versions: [first], until: 20n });
    expect(inForce([first, second], 2, 19n, NOBODY)).toEqual({ versions: [first], until: 20n });
    expect(inForce([first, second], 2, 20n, NOBODY)).toEqual({ versions: [second], until: null });
  });

  test("are those that were known at a revision: later ones did not count", () => {
    expect(inForce([first, second], 1, 25n, NOBODY)).toEqual({ versions: [first], until: null });
  });

  test("are not those that were withdrawn; until they were, they were planned", () => {
    const planned = version(EVERYBODY, 2, 20n, 3);
    expect(inForce([first, planned], 2, 15n, NOBODY).until).toBe(20n);
    expect(inForce([first, planned], 3, 25n, NOBODY)).toEqual({ versions: [first], until: null });
  });

  test("of two that begin together are the one that was published last", () => {
    const again = version(EVERYBODY, 3, 20n);
    expect(inForce([first, again, second], 3, 20n, NOBODY).versions).toEqual([again]);
  });

  test("are one of each list that applies, the most particular first", () => {
    const own = version(OF_ALICE, 4, 12n);
    const app = version(OF_STUDIO, 3, 11n);
    const pro = version(OF_PRO, 6, 12n);
    const others = [version({ kind: "account", accountId: "bob" }, 5, 1n), version({ kind: "plan", planId: 8 }, 7, 1n)];
    const all = [first, pro, app, own, ...others];
    expect(inForce(all, 9, 15n, ALICE).versions).toEqual([own, app, pro, first]);
    expect(inForce(all, 9, 15n, { ...ALICE, app: "other" }).versions).toEqual([own, pro, first]);
    expect(inForce(all, 9, 15n, { ...ALICE, plan: null }).versions).toEqual([own, app, first]);
    expect(inForce(all, 9, 15n, NOBODY).versions).toEqual([first]);
    expect(inForce(all, 9, 10n, ALICE)).toEqual({ versions: [first], until: 11n });
  });
});

test("the prices in force are, at any instant and revision, those that a walk through their history comes to", () => {
  /** What operators do, one after the other: publish for some instant, or withdraw one that was published. */
  const acts = fc.array(
    fc.record({
      owner: fc.constantFrom(EVERYBODY, OF_ALICE, OF_STUDIO, OF_PRO),
      from: fc.bigInt({ min: 0n, max: 9n }),
      withdraw: fc.option(fc.nat(9)),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(acts, fc.bigInt({ min: 0n, max: 9n }), fc.nat(12), (history, at, revision) => {
      const versions: PriceVersion[] = [];
      for (const [index, { owner, from, withdraw }] of history.entries()) {
        const withdrawn = withdraw === null ? undefined : versions[withdraw];
        if (withdrawn?.withdrawn === null)
          versions[withdraw as number] = { ...withdrawn, withdrawn: { at, by: "test", revision: index + 1 } };
        else versions.push(version(owner, index + 1, from));
      }
      // Walked through as it happened, up to the revision: what stands for each owner at the instant, and what comes next.
      const standing = versions.filter(
        (one) => one.revision <= revision && !(one.withdrawn && one.withdrawn.revision <= revision),
      );
      const expected = [OF_ALICE, OF_STUDIO, OF_PRO, EVERYBODY].flatMap((owner) => {
        const begun = standing.filter((one) => one.owner === owner && one.effectiveFrom <= at);
        const last = begun.reduce<PriceVersion | null>(
          (best, one) => (best === null || one.effectiveFrom >= best.effectiveFrom ? one : best),
          null,
        );
        return last ? [last] : [];
      });
      const coming = standing.map((one) => one.effectiveFrom).filter((from) => from > at);
      const until = coming.reduce<bigint | null>((first, from) => (first === null || from < first ? from : first), null);
      expect(inForce(versions, revision, at, ALICE)).toEqual({ versions: expected, until });
    }),
    { numRuns: 2_000 },
  );
});
