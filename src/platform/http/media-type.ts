/** The media types of GraphQL over HTTP, the one for clients that do not say what they take first. */
export const MEDIA_TYPES = ["application/json", "application/graphql-response+json"] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

interface Range {
  readonly type: string;
  readonly quality: number;
}

/** Which of the media types a client prefers by its Accept header; null when it takes neither. */
export function preferredMediaType(accept: string | undefined): MediaType | null {
  // What most clients send, without taking it apart.
  if (accept === undefined || accept === "" || accept === MEDIA_TYPES[0]) return MEDIA_TYPES[0];
  const ranges = accept.split(",").map(rangeOf);
  const liked = MEDIA_TYPES.map((type) => ({ type, ...likingOf(type, ranges) })).filter(({ quality }) => quality > 0);
  liked.sort((a, b) => b.quality - a.quality || a.place - b.place);
  return liked[0]?.type ?? null;
}

function rangeOf(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith("q="));
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}

/** By the most specific range that covers the type; `place` is where that stands in the header. */
function likingOf(type: MediaType, ranges: readonly Range[]): { readonly quality: number; readonly place: number } {
  for (const pattern of [type, "application/*", "*/*"]) {
    const place = ranges.findIndex((range) => range.type === pattern);
    const range = ranges[place];
    if (range) return { quality: range.quality, place };
  }
  return { quality: 0, place: 0 };
}
