import { describe, expect, test } from "@jest/globals";
import { preferredMediaType } from "../../../src/platform/http/media-type";

const JSON_TYPE = "application/json";
const GRAPHQL = "application/graphql-response+json";

describe("the media type of an answer", () => {
  test.each([
    [undefined, JSON_TYPE],
    ["", JSON_TYPE],
    ["*/*", JSON_TYPE],
    ["application/*", JSON_TYPE],
    [JSON_TYPE, JSON_TYPE],
    [GRAPHQL, GRAPHQL],
    [`${GRAPHQL}, ${JSON_TYPE};q=0.9`, GRAPHQL],
    [`${JSON_TYPE};q=0.9, ${GRAPHQL}`, GRAPHQL],
    [`${GRAPHQL}, ${JSON_TYPE}`, GRAPHQL],
    [`${JSON_TYPE}, ${GRAPHQL}`, JSON_TYPE],
    [`${GRAPHQL}; charset=utf-8, ${JSON_TYPE}; charset=utf-8; q=0.5`, GRAPHQL],
    [`${JSON_TYPE};q=0, */*`, GRAPHQL],
    ["text/html, */*;q=0.1", JSON_TYPE],
    ["Application/JSON", JSON_TYPE],
    ["text/html", null],
    [`${JSON_TYPE};q=0`, null],
    [`${JSON_TYPE};q=nonsense`, null],
  ])("for Accept: %s is %s", (accept, media) => {
    expect(preferredMediaType(accept)).toBe(media);
  });
});
