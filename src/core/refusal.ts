/** Something the rules forbid: a value, not an exception. `R` is one of a room's closed list of refusals. */
export interface Refused<R> {
  readonly refused: true;
  readonly refusal: R;
}

export function refuse<R>(refusal: R): Refused<R> {
  return { refused: true, refusal };
}
