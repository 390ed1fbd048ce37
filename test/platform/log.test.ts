import { describe, expect, test } from "@jest/globals";
import { createLogger, redact } from "../../src/platform/log";

function linesOf(
  work: (log: ReturnType<typeof createLogger>) => void,
  level: "debug" | "info" | "silent" = "info",
): Record<string, unknown>[] {
  const lines: string[] = [];
  work(createLogger({ level, write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const KEY = "trk_a_abcdefgh_abcdefghijkmnpqrstuvwxyz23456789abcdefghijkmnpqrstuv";
const TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

describe("a line of the log", () => {
  test("is JSON, with its level, time, fields and message", () => {
    const [line] = linesOf((log) => log.warn({ wallet: "wal_1", size: 3 }, "something happened"));
    expect(line).toEqual({
      level: "warn",
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
      wallet: "wal_1",
      size: 3,
      msg: "something happened",
    });
  });

  test("has the whole of an error", () => {
    const [line] = linesOf((log) => log.error({ err: new Error("broken", { cause: new Error("deeper") }) }, "it failed"));
    expect(JSON.stringify(line)).toMatch(/broken.*deeper/);
    expect(JSON.stringify(line)).toContain("log.test.ts");
  });

  test("is written from its level on", () => {
    const all = (log: ReturnType<typeof createLogger>) => {
      log.debug({}, "a");
      log.info({}, "b");
    };
    expect(linesOf(all)).toHaveLength(1);
    expect(linesOf(all, "debug")).toHaveLength(2);
    expect(linesOf(all, "silent")).toHaveLength(0);
  });
});

describe("keys and tokens", () => {
  test.each<object>([
    { key: KEY },
    { deep: { er: [{ adminKey: KEY }] } },
    { headers: { authorization: `Bearer ${TOKEN}`, cookie: TOKEN } },
    { connectionParams: { Authorization: "Basic dXNlcjpwYXNz" } },
    { jwtSecret: "dXNlcjpwYXNz" },
    { text: `someone sent Bearer ${TOKEN} and ${KEY}` },
    { url: "postgres://user:dXNlcjpwYXNz@host:5432/name" },
    { password: 'with "quotes" and dXNlcjpwYXNz' },
    { err: new Error(`${KEY} ${TOKEN} password: postgres://a:dXNlcjpwYXNz@b/c`) },
  ])("are in no line: %#", (fields) => {
    const [line] = linesOf((log) => log.info(fields, "a message"));
    const text = JSON.stringify(line);
    expect(text).toContain("[redacted]");
    for (const secret of ["abcdefghijkmnpqrstuvwxyz23456789", "c2lnbmF0dXJl", "dXNlcjpwYXNz"]) expect(text).not.toContain(secret);
  });

  test("are taken out of messages, too, but for the prefix that tells which key it was", () => {
    expect(redact(`a ${KEY} b`)).toBe("a trk_a_abcdefgh_[redacted] b");
    expect(linesOf((log) => log.info({}, `Bearer ${KEY}`))[0]?.["msg"]).toBe("Bearer [redacted]");
  });

  test("what is none stays", () => {
    const line =
      '{"idempotencyKey":"order-1","keyId":"key_1","requestId":"eyJ","url":"http://host/path","msg":"the bearer of news"}';
    expect(redact(line)).toBe(line);
  });
});
