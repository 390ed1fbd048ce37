import { assert } from "../core/assert";
import type { Core } from "../platform/context";
import { EVERYBODY, publishPrices, readPrices } from "../pricing";

type Given = Parameters<typeof readPrices>[0][number];

const tokens = (input: string, output: string): Given["meters"] => [
  { dimension: "input", rate: input, per: 1_000, unit: "input token" },
  { dimension: "output", rate: output, per: 1_000, unit: "output token" },
];
const seconds = (rate: string): Given["meters"] => [{ dimension: "seconds", rate, unit: "second" }];
const between = (minimum: bigint, maximum: bigint) => ({ minimum: minimum * MICRO, maximum: maximum * MICRO });
const MICRO = 1_000_000n;
const SEARCHED = [{ operation: "web.search" }];

/** What an app builder might ask for what its assistants do. */
const PRICES: readonly Given[] = [
  {
    operation: "chat.completion",
    title: "Chat",
    meters: tokens("0.5", "1.5"),
    ...between(1n, 40n),
    surcharges: SEARCHED,
  },
  { operation: "editor.fast", title: "Editor, fast", range: between(40n, 400n), surcharges: SEARCHED },
  { operation: "editor.expert", title: "Editor, expert", range: between(100n, 1_000n), surcharges: SEARCHED },
  { operation: "web.search", title: "web search", flat: "15" },
  { operation: "page.extract", title: "Text of a page", meters: [{ dimension: "pages", rate: "8", unit: "page" }] },
  { operation: "image.generate", title: "An image", meters: [{ dimension: "images", rate: "5", unit: "image" }] },
  { operation: "video.render", title: "Video", meters: seconds("20"), minimum: 20n * MICRO },
  { operation: "speech", title: "Speech", meters: seconds("0.5"), ...between(10n, 80n) },
];

/** Publishes the demo's price list, unless there is one already. */
export async function publishDemoPrices(core: Core, creditTypeId: number): Promise<void> {
  const { prices, problems } = readPrices(PRICES);
  assert(problems.length === 0, "the demo's prices are right");
  const creditPrice = { amount: "0.08", currency: "USD" };
  const list = { creditTypeId, owner: EVERYBODY, basedOn: null, effectiveFrom: null, reason: "the demo's price list" };
  await publishPrices(core, { ...list, prices, creditPrice }, "demo");
}
