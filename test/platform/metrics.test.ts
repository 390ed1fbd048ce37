import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { STEPS } from "../../src/platform/context";
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

  test("tell how long each step of a command took, and how many share a batch", async () => {
    const metrics = createMetrics();
    metrics.step("compute", 0.5);
    metrics.step("compute", 3);
    metrics.step("compute", 60_000);
    metrics.batch({ kind: "wallet", size: 7, waits: [1, 2, 3] });
    const text = await metrics.text();
    expect(text).toContain("# TYPE tranche_step_seconds histogram");
    expect(text).toContain('tranche_step_seconds_bucket{step="compute",le="0.0002"} 0');
    expect(text).toContain('tranche_step_seconds_bucket{step="compute",le="0.0005"} 1');
    expect(text).toContain('tranche_step_seconds_bucket{step="compute",le="0.005"} 2');
    expect(text).toContain('tranche_step_seconds_bucket{step="compute",le="10"} 2');
    expect(text).toContain('tranche_step_seconds_bucket{step="compute",le="+Inf"} 3');
    expect(text).toContain('tranche_step_seconds_sum{step="compute"} 60.0035');
    expect(text).toContain('tranche_step_seconds_count{step="wait"} 3');
    expect(text).toContain('tranche_batch_size_bucket{kind="wallet",le="5"} 0');
    expect(text).toContain('tranche_batch_size_bucket{kind="wallet",le="10"} 1');
  });

  test("count what was refused, and what clients were told, by its code", async () => {
    const metrics = createMetrics();
    metrics.refused("INSUFFICIENT_CREDITS");
    metrics.refused("INSUFFICIENT_CREDITS");
    metrics.told("UNAVAILABLE");
    const text = await metrics.text();
    expect(text).toContain('tranche_refusals_total{code="INSUFFICIENT_CREDITS"} 2');
    expect(text).toContain('tranche_errors_total{code="UNAVAILABLE"} 1');
  });

  test("ask for the depths of lanes when they are read", async () => {
    const metrics = createMetrics();
    let waiting = 1;
    metrics.watchLanes(() => [
      { kind: "wallet", lane: 0, waiting },
      { kind: "wallet", lane: 1, waiting: 4 },
    ]);
    expect(await metrics.text()).toContain("tranche_commands_waiting 5");
    waiting = 3;
    const text = await metrics.text();
    expect(text).toContain('tranche_lane_depth{kind="wallet",lane="0"} 3');
    expect(text).toContain("tranche_commands_waiting 7");
  });

  test("are lines that Prometheus reads", async () => {
    const metrics = createMetrics({ ofProcess: true });
    metrics.operation("query", "http")("done");
    metrics.answered(200);
    const text = await metrics.text();
    for (const line of text.split("\n").filter((one) => one !== ""))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+({\w+="[^"]*"(,\w+="[^"]*")*})? (-?[\d.]+(e[+-]?\d+)?|Na[nN]|\+Inf))$/);
    expect(new Set(text.match(/^# TYPE \w+/gm)).size).toBe(text.match(/^# TYPE \w+/gm)?.length);
  });

  test("are all explained in the documents", async () => {
    const metrics = createMetrics();
    metrics.watchLanes(() => []);
    metrics.watchAdmission({ running: 0, limit: 0 });
    const documents = await readFile(join(__dirname, "../../docs/metrics.md"), "utf8");
    for (const [, name] of (await metrics.text()).matchAll(/^# TYPE (\w+)/gm)) expect(documents).toContain(`\`${name}\``);
    for (const step of STEPS) expect(documents).toContain(`\`${step}\``);
  });

  test("tell of the process when they are asked to, and are each server's own", async () => {
    const [first, second] = [createMetrics({ ofProcess: true }), createMetrics({ ofProcess: true })];
    expect(await first.text()).toContain("tranche_process_resident_memory_bytes");
    expect(await second.text()).toContain("tranche_nodejs_eventloop_lag_seconds");
    expect(await createMetrics().text()).not.toContain("resident_memory");
  });
});
