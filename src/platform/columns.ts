import type { ValueTransformer } from "typeorm";

/** int8 reaches TypeORM's entities as text: credits and counters are bigints here, never numbers. */
export const BIGINT: ValueTransformer = {
  from: (stored: string | bigint | null) => (stored === null ? null : BigInt(stored)),
  to: (value: bigint | null | undefined) => value?.toString(),
};

/** As BIGINT, for int8[]. */
export const BIGINTS: ValueTransformer = {
  from: (stored: readonly (string | bigint)[] | null) => stored?.map(BigInt) ?? null,
  to: (values: readonly bigint[] | null | undefined) => values?.map(String),
};
