import { ApiError } from "../graphql/errors";

/** A request that HTTP itself has a status for. */
export class HttpError extends ApiError {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super("BAD_USER_INPUT", message);
  }
}
