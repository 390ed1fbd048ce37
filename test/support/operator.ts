/** Who acts in tests. */
export const OPERATOR = { actor: "test", reason: null };
