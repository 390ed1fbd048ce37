// A history is frozen after every step; in the test runner each look at a global name takes its time.
const { freeze, isFrozen, values } = Object;
const { isView } = ArrayBuffer;

/** Freezes a value and all that it holds, but for bytes, which cannot be; what is frozen already is taken to be so throughout. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || isFrozen(value) || isView(value)) return value;
  freeze(value);
  for (const one of values(value)) deepFreeze(one);
  return value;
}
