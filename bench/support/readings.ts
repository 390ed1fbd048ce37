/** What a server's metrics say at a moment: the values by name and labels, as Prometheus' text format writes them. */
export type Readings = ReadonlyMap<string, number>;

export async function readServer(url: URL): Promise<Readings> {
  const response = await fetch(new URL("/metrics", url));
  return readingsOf(await response.text());
}

export function readingsOf(text: string): Readings {
  const values = text.matchAll(/^([a-z_]+(?:\{.*\})?) (\S+)$/gm);
  return new Map([...values].map(([, name = "", value]) => [name, Number(value)]));
}

/** What a histogram gathered between two readings. */
export interface Gathered {
  readonly count: number;
  readonly sum: number;
  /** The value below which this share lies: exact to its bucket, and evenly spread within. */
  readonly percentile: (share: number) => number;
}

/** `labels`: as they are written, `step="wait"`. */
export function gathered(name: string, labels: string, before: Readings, after: Readings): Gathered {
  const difference = (key: string) => (after.get(key) ?? 0) - (before.get(key) ?? 0);
  const start = `${name}_bucket{${labels},le="`;
  const upTo = [...after.keys()]
    .filter((key) => key.startsWith(start))
    .map((key) => ({ bound: Number(key.slice(start.length, -2).replace("+Inf", "Infinity")), count: difference(key) }));
  const count = difference(`${name}_count{${labels}}`);
  return {
    count,
    sum: difference(`${name}_sum{${labels}}`),
    percentile: (share) => {
      const place = upTo.findIndex((bucket) => bucket.count >= share * count);
      const [below, own] = [upTo[place - 1] ?? { bound: 0, count: 0 }, upTo[place]];
      if (!own || count === 0) return Number.NaN;
      if (own.bound === Number.POSITIVE_INFINITY) return below.bound;
      return below.bound + ((own.bound - below.bound) * (share * count - below.count)) / (own.count - below.count);
    },
  };
}
