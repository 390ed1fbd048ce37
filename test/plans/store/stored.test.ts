import { expect, test } from "@jest/globals";
import type { Json } from "../../../src/core/json";
import { restoreContent, storeContent } from "../../../src/plans/store/stored-plan";
import { restoreState, storeState } from "../../../src/plans/store/stored-subscription";
import { LASTING, PRO, ROLLING, start } from "../model/plans";

/** Plan versions and subscriptions as they are stored, and as they were before allotments had lives. */

function withoutIn(stored: string, list: string, field: string): Json {
  const content = JSON.parse(stored) as Record<string, Record<string, Json>[]>;
  return { ...content, [list]: content[list]?.map(({ [field]: _gone, ...rest }) => rest) } as Json;
}

test("a plan version is read as it was stored; one of before has allotments that live until their periods end", () => {
  for (const { id: _id, plan: _plan, version: _version, ...terms } of [PRO, LASTING, ROLLING]) {
    const content = { title: "Pro", description: null, terms };
    expect(restoreContent(JSON.parse(storeContent(content)))).toEqual(content);
    const before = { ...terms, allotments: terms.allotments.map((one) => ({ ...one, life: null })) };
    expect(restoreContent(withoutIn(storeContent(content), "allotments", "life")).terms).toEqual(before);
  }
});

test("a subscription is read as it was stored; in one of before grants expire when their periods end", () => {
  const { state } = start({ ...LASTING, id: "7" }, "2026-04-01");
  const versions = () => state.course.version;
  expect(restoreState(JSON.parse(storeState(state)), versions)).toEqual(state);
  const before = restoreState(withoutIn(storeState(state), "grants", "end"), versions);
  expect(before.grants.map(({ end }) => end)).toEqual(state.grants.map(({ expiresAt }) => expiresAt));
});
