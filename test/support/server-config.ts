import type { ServerConfig } from "../../src/platform/server";

/** Of servers that tests start in their own process, on a free port. */
export const SERVER_CONFIG: ServerConfig = {
  host: "127.0.0.1",
  port: 0,
  allowedOrigins: null,
  queryMaxDepth: 16,
  queryMaxCost: 20_000,
  bodyMaxBytes: 1_000_000,
  operationsMax: 1_000,
  socketsMax: 100,
  socketsPerCredentialMax: 100,
  socketOperationsMax: 100,
  stopMilliseconds: 5_000,
};
