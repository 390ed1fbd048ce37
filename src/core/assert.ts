/** Stops on a bug: a state that no input can cause. What a user can cause is a refusal instead. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
