import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Admission } from "./admission";
import type { BegunBatch, LaneDepth } from "./batcher";
import { type Metrics, STEPS, type Step } from "./context";
import { Histogram, roundNumbers, type Series } from "./histogram";
import { Tally } from "./tally";

export type Transport = "http" | "websocket";
export type OperationOutcome = "done" | "errors" | "refused";

/** Counters, gauges and durations for operators, as Prometheus reads them. */
export interface ServerMetrics extends Metrics {
  /** Counts an answer over HTTP. */
  answered(status: number): void;
  /** An operation begins; to be called with how it went when it has ended. */
  operation(type: string, transport: Transport): (outcome: OperationOutcome) => void;
  /** Counts an error that a client is told, by its code. */
  told(code: string): void;
  /** Sockets open now. */
  sockets(change: 1 | -1): void;
  /** Counts a batch that begins. */
  batch(batch: BegunBatch): void;
  /** Asks for the depths of the lanes whenever somebody reads the metrics. */
  watchLanes(depths: () => readonly LaneDepth[]): void;
  /** Asks for what is under way whenever somebody reads the metrics. */
  watchAdmission(admission: Pick<Admission, "running" | "limit">): void;
  /** Everything, in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Milliseconds: from a cached query to a slow report. */
const DURATIONS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];
/** Milliseconds: from a look into a cache to a statement that runs out of time. */
const STEP_DURATIONS = roundNumbers(0.01, 10_000);
/** Items in a batch. */
const SIZES = roundNumbers(1, 1_000);

/** `ofProcess`: also memory, processor time, the event loop's delay, garbage collection. */
export function createMetrics({ ofProcess = false }: { readonly ofProcess?: boolean } = {}): ServerMetrics {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry, prefix: "tranche_" });
  const rare = rareMetrics(registry);
  const steps = stepMetrics();
  const operations = operationMetrics();
  const batches = batchMetrics();
  const answers = new Tally("tranche_http_answers_total", "Answers over HTTP by status.", "status");
  const refusals = new Tally("tranche_refusals_total", "Commands that were refused, by the refusal's code.", "code");
  const errors = new Tally("tranche_errors_total", "Errors that clients were told, by their code.", "code");
  const own = [steps, operations, batches, answers, refusals, errors];

  return {
    contentType: registry.contentType,
    text: async () => (await registry.metrics()) + own.map((one) => one.text()).join(""),
    ...rare,
    answered: (status) => answers.add(status),
    refused: (code) => refusals.add(code),
    told: (code) => errors.add(code),
    step: (step, milliseconds) => steps.step(step, milliseconds),
    batch: ({ kind, size, waits }) => {
      batches.begun(kind, size);
      for (const wait of waits) steps.step("wait", wait);
    },
    operation: (type, transport) => operations.begin(type, transport),
  };
}

/** What happens seldom, or is only read: the library's own metrics do. */
function rareMetrics(registry: Registry): Pick<ServerMetrics, "count" | "sockets" | "watchLanes" | "watchAdmission"> {
  const registers = [registry];
  const counters = new Map<string, Counter>();
  const sockets = new Gauge({ name: "tranche_sockets_open", help: "WebSockets that are open.", registers });
  return {
    sockets: (change) => sockets.inc(change),
    count: (name, amount = 1) => {
      const counter =
        counters.get(name) ?? new Counter({ name: `tranche_${name}_total`, help: name.replaceAll("_", " "), registers });
      counters.set(name, counter);
      counter.inc(amount);
    },
    watchAdmission: (admission) => {
      new Gauge({
        name: "tranche_operations_admitted",
        help: "Queries and mutations under way that count against the limit.",
        registers,
        collect() {
          this.set(admission.running);
        },
      });
      new Gauge({
        name: "tranche_operations_limit",
        help: "How many may be, as things stand; what is more is refused.",
        registers,
        collect() {
          this.set(admission.limit);
        },
      });
    },
    watchLanes: (depths) => {
      new Gauge({
        name: "tranche_lane_depth",
        help: "Commands that wait for their batch, by lane.",
        labelNames: ["kind", "lane"],
        registers,
        collect() {
          for (const { kind, lane, waiting } of depths()) this.set({ kind, lane }, waiting);
        },
      });
      new Gauge({
        name: "tranche_commands_waiting",
        help: "Commands that wait for their batch.",
        registers,
        collect() {
          this.set(depths().reduce((total, { waiting }) => total + waiting, 0));
        },
      });
    },
  };
}

function stepMetrics() {
  const histogram = new Histogram({
    name: "tranche_step_seconds",
    help: "How long the steps of a command took; setup, compute, execute and commit are those of a batch.",
    labels: ["step"],
    bounds: STEP_DURATIONS,
    unit: 0.001,
  });
  const series = Object.fromEntries(STEPS.map((step) => [step, histogram.series(step)])) as Record<Step, Series>;
  return {
    text: () => histogram.text(),
    step: (step: Step, milliseconds: number) => series[step].observe(milliseconds),
  };
}

function batchMetrics() {
  const histogram = new Histogram({
    name: "tranche_batch_size",
    help: "How many commands were committed together.",
    labels: ["kind"],
    bounds: SIZES,
  });
  const series = new Map<string, Series>();
  return {
    text: () => histogram.text(),
    begun: (kind: string, size: number) => {
      const known = series.get(kind) ?? histogram.series(kind);
      series.set(kind, known);
      known.observe(size);
    },
  };
}

function operationMetrics() {
  const durations = new Histogram({
    name: "tranche_operation_seconds",
    help: "How long GraphQL operations took.",
    labels: ["type", "transport", "outcome"],
    bounds: DURATIONS,
    unit: 0.001,
  });
  const kinds = new Map<string, OperationKind>();
  return {
    text: () => durations.text() + runningText([...kinds.values()]),
    begin: (type: string, transport: Transport) => {
      const name = `${type} ${transport}`;
      const kind = kinds.get(name) ?? new OperationKind(type, transport, durations);
      kinds.set(name, kind);
      return kind.begin();
    },
  };
}

/** The operations of one type over one transport. */
class OperationKind {
  running = 0;
  readonly #outcomes = new Map<OperationOutcome, Series>();

  constructor(
    private readonly type: string,
    private readonly transport: Transport,
    private readonly durations: Histogram,
  ) {}

  get labels(): string {
    return `type="${this.type}",transport="${this.transport}"`;
  }

  begin(): (outcome: OperationOutcome) => void {
    const began = performance.now();
    this.running += 1;
    return (outcome) => {
      this.running -= 1;
      const series = this.#outcomes.get(outcome) ?? this.durations.series(this.type, this.transport, outcome);
      this.#outcomes.set(outcome, series);
      series.observe(performance.now() - began);
    };
  }
}

function runningText(kinds: readonly OperationKind[]): string {
  const name = "tranche_operations_running";
  const lines = kinds.map(({ labels, running }) => `${name}{${labels}} ${running}\n`);
  return `# HELP ${name} GraphQL operations under way, subscriptions included.\n# TYPE ${name} gauge\n${lines.join("")}`;
}
