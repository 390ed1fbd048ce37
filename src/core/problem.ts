/** Something that is wrong with what was given: where, and what to do. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
