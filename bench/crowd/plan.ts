/** What a crowd is to do: see main.ts. It gets it as JSON, and tells what came of each phase as a line of JSON. */
export interface Plan {
  readonly transport: "http" | "socket";
  readonly url: string;
  readonly authorization: string;
  readonly query: string;
  /** The ids of wallets; a request is for one of them, in turn. */
  readonly wallets: readonly string[];
  /** How many connections there are. Over HTTP each carries a request at a time. */
  readonly connections: number;
  readonly phases: readonly Phase[];
}

export interface Phase {
  readonly name: string;
  readonly seconds: number;
  /** An open loop: so many requests a second, whether or not those before have been answered. A closed one: always so many at once. */
  readonly load: { readonly rate: number } | { readonly inFlight: number };
}

/** Milliseconds, from when a request was due, whenever it could be sent; null where there was none. */
export interface Latencies {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly most: number | null;
}

export interface Told {
  readonly name: string;
  readonly seconds: number;
  readonly due: number;
  /** Done. */
  readonly accepted: number;
  /** Told UNAVAILABLE, and when to come again. */
  readonly refused: number;
  /** Anything else: another answer, none, or a connection that broke. */
  readonly failed: number;
  /** Requests that were due when no connection was free. */
  readonly unsent: number;
  readonly connections: number;
  readonly accepting: Latencies;
  readonly refusing: Latencies;
  /** Processor time of the crowd itself, as a share of one processor. */
  readonly cpu: number;
  /** The first answer that was none of those. */
  readonly failure: string | null;
}
