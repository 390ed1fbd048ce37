/** The frozen list of `extensions.code`: what is malformed, not allowed or broken. What the rules of credits forbid is a `Refusal` instead. */
export const ERROR_CODES = [
  "BAD_USER_INPUT",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "RATE_LIMITED",
  "QUERY_TOO_COMPLEX",
  "UNAVAILABLE",
  "INTERNAL",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Where a value stands in a field's arguments: ["input", "amount"], or ["input", 3, "amount"] in a list. */
export type InputPath = readonly (string | number)[];

/** An error that a client is meant to see, with its code and what the code carries. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly extras: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  /** Where graphql-js looks for them. */
  get extensions(): Readonly<Record<string, unknown>> {
    return { code: this.code, ...this.extras };
  }
}

/** Several errors at once, before anything of a request is carried out. */
export class RequestErrors extends Error {
  override readonly name = "RequestErrors";

  constructor(readonly errors: readonly Error[]) {
    super(errors.map(({ message }) => message).join("\n"));
  }
}

/** The input cannot be taken: where, and what it must be ("must be more than 0"). */
export function badInput(message: string, inputPath: InputPath): ApiError {
  const place = inputPath.length === 0 ? "The input" : inputPath.join(".");
  return new ApiError("BAD_USER_INPUT", `${place} ${message}`, { inputPath });
}

/** The request as a whole cannot be read: no single value is to blame. */
export function badRequest(message: string): ApiError {
  return new ApiError("BAD_USER_INPUT", message);
}

/** The caller is known, and may not. */
export function forbidden(message: string): ApiError {
  return new ApiError("FORBIDDEN", message);
}

/** Nobody can say who the caller is. */
export function unauthenticated(message: string): ApiError {
  return new ApiError("UNAUTHENTICATED", message);
}

/** Too many requests for now. */
export function rateLimited(message: string, retryAfterSeconds: number): ApiError {
  return new ApiError("RATE_LIMITED", message, { retryAfter: retryAfterSeconds });
}

/** The document asks for more than one request may. */
export function tooComplex(message: string, extras: Readonly<Record<string, unknown>> = {}): ApiError {
  return new ApiError("QUERY_TOO_COMPLEX", message, extras);
}

/** It cannot be answered now, but will be again. */
export function unavailable(message: string, retryAfterSeconds: number): ApiError {
  return new ApiError("UNAVAILABLE", message, { retryAfter: retryAfterSeconds });
}
