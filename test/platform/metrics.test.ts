import { describe, expect, test } from "@jest/globals";
import { createMetrics } from "../../src/platform/metrics";

describe("metrics", () => {
  test("count by name", async () => {
    const metrics = createMetrics();
    metrics.count("wallets_swept");
    metrics.count("wallets_swept", 4);
    const text = await metrics.text();
    expect(text).toContain("# TYPE tranche_wallets_swept_total counter");
    expect(text).toContain("tranche_wallets_swept_total 5");
    expect(metrics.contentType).toContain("text/plain");
  });

  test("tell what runs, and how long it took", async () => {
    const metrics = createMetrics();
    const ended = metrics.operation("mutation", "websocket");
    expect(await metrics.text()).toContain('tranche_operations_running{type="mutation",transport="websocket"} 1');
    ended("errors");
    const text = await metrics.text();
    expect(text).toContain('tranche_operations_running{type="mutation",transport="websocket"} 0');
    expect(text).toMatch(/tranche_operation_seconds_count{.*outcome="errors".*} 1/);
  });

  test("tell of the process when they are asked to, and are each server's own", async () => {
    const [first, second] = [createMetrics({ ofProcess: true }), createMetrics({ ofProcess: true })];
    expect(await first.text()).toContain("tranche_process_resident_memory_bytes");
    expect(await second.text()).toContain("tranche_nodejs_eventloop_lag_seconds");
    expect(await createMetrics().text()).not.toContain("resident_memory");
  });
});
