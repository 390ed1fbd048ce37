import type { Stage } from "./stage";

/** How long and how often to measure. */
export interface Settings {
  readonly rounds: number;
  readonly load: { readonly warmUpSeconds: number; readonly seconds: number };
  /** To see that everything works: small and short, its figures mean nothing. */
  readonly quick: boolean;
}

/** Seconds: a server that has just started compiles its code while it runs, and does half of what it does then. */
export function serverWarmUp({ quick }: Settings): number {
  return quick ? 0.2 : 12;
}

export interface Outcome {
  /** The table to print. */
  readonly text: string;
  readonly data: unknown;
}

export interface Bench {
  readonly name: string;
  readonly about: string;
  run(stage: Stage, settings: Settings): Promise<Outcome>;
}
