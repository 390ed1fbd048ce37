/** A counter with one label, in Prometheus' text format: our own for the same reason as the histograms. */
export class Tally {
  readonly #counts = new Map<string | number, number>();

  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly label: string,
  ) {}

  /** `value`: of a short list, never what a client wrote. */
  add(value: string | number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  /** Lines that end with a line break. */
  text(): string {
    const lines = [...this.#counts].map(([value, count]) => `${this.name}{${this.label}="${value}"} ${count}\n`);
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} counter\n${lines.join("")}`;
  }
}
