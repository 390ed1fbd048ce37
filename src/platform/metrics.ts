import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "./context";

export type Transport = "http" | "websocket";

/** Counters, gauges and durations for operators, as Prometheus reads them. */
export interface ServerMetrics extends Metrics {
  /** Counts an answer over HTTP. */
  answered(status: number): void;
  /** An operation begins; to be called with how it went when it has ended. */
  operation(type: string, transport: Transport): (outcome: "done" | "errors" | "refused") => void;
  /** Sockets open now. */
  sockets(change: 1 | -1): void;
  /** Counts a batch that begins; `waiting`: the items that are left for later ones. */
  batch(batch: { readonly kind: string; readonly size: number; readonly waiting: number }): void;
  /** Everything, in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Seconds: from a cached query to a slow report. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Items in a batch. */
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** `ofProcess`: also memory, processor time, the event loop's delay, garbage collection. */
export function createMetrics({ ofProcess = false }: { readonly ofProcess?: boolean } = {}): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  if (ofProcess) collectDefaultMetrics({ register: registry, prefix: "tranche_" });
  const answers = new Counter({
    name: "tranche_http_answers_total",
    help: "Answers over HTTP by status.",
    labelNames: ["status"],
    registers,
  });
  const durations = new Histogram({
    name: "tranche_operation_seconds",
    help: "How long GraphQL operations took.",
    labelNames: ["type", "transport", "outcome"],
    buckets: DURATIONS,
    registers,
  });
  const running = new Gauge({
    name: "tranche_operations_running",
    help: "GraphQL operations under way, subscriptions included.",
    labelNames: ["type", "transport"],
    registers,
  });
  const sockets = new Gauge({ name: "tranche_sockets_open", help: "WebSockets that are open.", registers });
  const batches = new Histogram({
    name: "tranche_batch_size",
    help: "How many commands were committed together.",
    labelNames: ["kind"],
    buckets: SIZES,
    registers,
  });
  const waiting = new Gauge({ name: "tranche_commands_waiting", help: "Commands that wait for their batch.", registers });
  const counters = new Map<string, Counter>();

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    answered: (status) => answers.inc({ status }),
    sockets: (change) => sockets.inc(change),
    batch: (batch) => {
      batches.observe({ kind: batch.kind }, batch.size);
      waiting.set(batch.waiting);
    },
    operation: (type, transport) => {
      running.inc({ type, transport });
      const stop = durations.startTimer({ type, transport });
      return (outcome) => {
        running.dec({ type, transport });
        stop({ outcome });
      };
    },
    count: (name, amount = 1) => {
      const counter =
        counters.get(name) ?? new Counter({ name: `tranche_${name}_total`, help: name.replaceAll("_", " "), registers });
      counters.set(name, counter);
      counter.inc(amount);
    },
  };
}
