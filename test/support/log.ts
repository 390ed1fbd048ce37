import type { Logger } from "../../src/platform/context";

const ignore = (): void => undefined;

/** For tests that do not look at the log. */
export const silentLog: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
