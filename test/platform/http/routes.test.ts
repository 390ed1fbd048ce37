import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask, startToyServer, type ToyServer } from "../../support/toy-server";

let server: ToyServer;
let listed: ToyServer;
let open: ToyServer;
let ready = true;

beforeAll(async () => {
  const page = (request: { readonly url?: string | undefined }, response: { end(text: string): unknown }) => {
    if (request.url !== "/") return false;
    response.end("a page");
    return true;
  };
  const isReady = async () => {
    if (!ready) throw new Error("away");
    return ready;
  };
  server = await startToyServer({ page, isReady });
  listed = await startToyServer({ config: { allowedOrigins: ["https://app.example", "https://other.example"] } });
  open = await startToyServer({ config: { allowedOrigins: ["*"] } });
});

afterAll(() => Promise.all([server.stop(), listed.stop(), open.stop()]));

async function get(path: string): Promise<readonly [number, string]> {
  const response = await fetch(`${server.base}${path}`);
  return [response.status, await response.text()];
}

describe("beside GraphQL", () => {
  test("/health answers while the process lives", async () => {
    expect(await get("/health")).toEqual([200, "ok\n"]);
    expect(await get("/health?probe=1")).toEqual([200, "ok\n"]);
  });

  test("/ready answers whether what is needed is there", async () => {
    expect(await get("/ready")).toEqual([200, "ready\n"]);
    ready = false;
    expect(await get("/ready")).toEqual([503, "not ready\n"]);
    ready = true;
  });

  test("/metrics is Prometheus'", async () => {
    await ask(server, "{ hello }");
    await ask(server, "{ unknown }");
    const [status, text] = await get("/metrics");
    expect(status).toBe(200);
    expect(text).toMatch(/^tranche_operation_seconds_count{(?=.*type="query")(?=.*transport="http")(?=.*outcome="done").*} 1$/m);
    expect(text).toContain("tranche_documents_refused_total 1");
    expect(text).toContain('tranche_http_answers_total{status="200"}');
    expect(text).toContain("tranche_sockets_open 0");
  });

  test("pages are served, and what is not there is not found", async () => {
    expect(await get("/")).toEqual([200, "a page"]);
    expect(await get("/nothing")).toEqual([404, "Not found.\n"]);
    expect(await get("/graphql/more")).toEqual([404, "Not found.\n"]);
  });
});

describe("pages of other origins", () => {
  const preflight = async ({ url }: ToyServer, origin: string) => {
    const headers = {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    };
    const response = await fetch(url, { method: "OPTIONS", headers });
    return { status: response.status, allowed: response.headers.get("access-control-allow-origin"), headers: response.headers };
  };

  test("may call when they are listed", async () => {
    const { status, allowed, headers } = await preflight(listed, "https://app.example");
    expect({ status, allowed }).toEqual({ status: 204, allowed: "https://app.example" });
    expect(headers.get("access-control-allow-methods")).toBe("POST");
    expect(headers.get("access-control-allow-headers")).toContain("Authorization");
    expect(headers.get("vary")).toBe("Origin");
    const answer = await ask(listed, "{ hello }", { headers: { origin: "https://app.example" } });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(answer.headers.get("access-control-expose-headers")).toContain("X-Request-Id");
  });

  test("can read errors, too", async () => {
    const answer = await ask(listed, "{ hello }", { key: null, headers: { origin: "https://app.example" } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example");
  });

  test("may not when they are not listed", async () => {
    expect((await preflight(listed, "https://app.example.evil")).allowed).toBeNull();
    expect((await preflight(listed, "null")).allowed).toBeNull();
    expect((await preflight(server, "https://app.example")).allowed).toBeNull();
  });

  test("all may when the list says so", async () => {
    expect((await preflight(open, "https://any.example")).allowed).toBe("https://any.example");
  });
});
