/**
 * The server cannot answer now, but will again: the database is away, or too much is waiting. Nothing is known to have been written;
 * the same request with the same idempotency key is safe to send again.
 */
export class Unavailable extends Error {
  override readonly name = "Unavailable";

  constructor(
    reason: string,
    /** How long a client should wait before it tries again. */
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}
