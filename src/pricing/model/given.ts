import type { Amount } from "../../core/amount";

/** Prices as an operator writes them: numbers still text, nothing judged yet. What is not given is null or undefined. */

type Optional<T> = T | null | undefined;

export interface GivenTier {
  readonly upTo?: Optional<string>;
  readonly rate: string;
}

export interface GivenMeter {
  readonly dimension: string;
  /** For each `per` units. Either this or `tiers`. */
  readonly rate?: Optional<string>;
  readonly tiers?: Optional<readonly GivenTier[]>;
  readonly mode?: Optional<"GRADUATED" | "VOLUME">;
  readonly per?: Optional<number>;
  readonly unit?: Optional<string>;
  readonly units?: Optional<string>;
}

export interface GivenPrice {
  readonly operation: string;
  readonly title?: Optional<string>;
  readonly flat?: Optional<string>;
  readonly meters?: Optional<readonly GivenMeter[]>;
  readonly minimum?: Optional<Amount>;
  readonly maximum?: Optional<Amount>;
  readonly range?: Optional<{ readonly minimum: Amount; readonly maximum: Amount }>;
  readonly surcharges?: Optional<readonly { readonly operation: string; readonly always?: Optional<boolean> }[]>;
}
