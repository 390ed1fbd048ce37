/** Price lists for two products, as an operator would write them. */

const tokens = (input: string, output: string) => [
  { dimension: "input", rate: input, per: 1_000, unit: "input token" },
  { dimension: "output", rate: output, per: 1_000, unit: "output token" },
];
const each = (dimension: string, rate: string, unit: string) => [{ dimension, rate, unit }];
const between = (minimum: string, maximum: string) => ({ minimum, maximum });
/** "+15 with web search", where a use asks for it. */
const searched = { surcharges: [{ operation: "web.search" }] };

/** An app builder's: what its assistants do. */
export const STUDIO = [
  {
    operation: "editor.fast",
    title: "Editor, fast",
    meters: each("effort", "4", "point of effort"),
    ...between("40", "400"),
    ...searched,
  },
  {
    operation: "editor.expert",
    title: "Editor, expert",
    meters: each("effort", "10", "point of effort"),
    ...between("100", "1000"),
    ...searched,
  },
  { operation: "request.standard", title: "Request", meters: tokens("0.5", "1.5"), ...between("2", "10"), ...searched },
  { operation: "request.advanced", title: "Advanced request", meters: tokens("2.5", "7.5"), ...between("10", "40"), ...searched },
  { operation: "web.search", title: "web search", flat: "15" },
  { operation: "page.extract", title: "Text of a page", meters: each("pages", "8", "page") },
  { operation: "image.standard", title: "Image", meters: each("images", "50", "image") },
  { operation: "image.detailed", title: "Image in detail", meters: each("images", "150", "image") },
  { operation: "video.standard", title: "Video", meters: each("seconds", "200", "second") },
  { operation: "video.high", title: "Video in high quality", meters: each("seconds", "500", "second") },
  { operation: "speech", title: "Speech", meters: each("characters", "0.02", "character"), ...between("10", "80") },
];

/** What the pro plan's customers pay less for. */
export const STUDIO_PRO = [{ operation: "image.standard", title: "Image", meters: each("images", "40", "image") }];

/** A marketplace's: a micro-credit for an input token, two for an output token. */
export const MARKET = [
  {
    operation: "model.call",
    title: "A call of a model",
    meters: [
      { dimension: "input", rate: "0.000001", unit: "input token" },
      { dimension: "output", rate: "0.000002", unit: "output token" },
    ],
  },
];
