import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type DemoFacts, graphiqlHandler } from "../../src/platform/graphiql";

const FACTS: DemoFacts = { adminKey: "admin", serviceKey: "service", customerToken: "token", walletId: "wal_1" };

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

let root: string;
let folder: string;
let demo: DemoFacts | null;
let server: Server;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "graphiql-"));
  folder = join(root, "bundle");
  demo = FACTS;
  const handler = graphiqlHandler({ folder, demo: () => demo });
  server = createServer((incoming, response) => {
    if (!handler(incoming, response)) response.writeHead(418).end("not GraphiQL's");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true });
});

function build(files: Readonly<Record<string, string | Buffer>>): void {
  rmSync(folder, { recursive: true, force: true });
  // A file right beside the bundle: what a traversal would reach first.
  writeFileSync(join(root, "secret.txt"), "secret");
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

/** Not fetch: it would tidy the path, and would not let a test choose the Host. */
function get(path: string, headers: Readonly<Record<string, string>> = {}, method = "GET"): Promise<Reply> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: "127.0.0.1", path, method, headers: { host: `localhost:${port}`, ...headers } });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.end();
  });
}

describe("the page and its files", () => {
  test("until the bundle is there, the page says that it is on its way and loads itself again", async () => {
    const reply = await get("/");
    expect(reply.status).toBe(503);
    expect(reply.headers["retry-after"]).toBe("1");
    expect(reply.headers["cache-control"]).toBe("no-store");
    expect(reply.body.toString()).toContain('http-equiv="refresh"');
  });

  test("the page appears as soon as the bundle is there, without a restart", async () => {
    await get("/");
    build({ "index.html": "<p>page</p>" });
    const reply = await get("/?query=ignored");
    expect([reply.status, reply.body.toString()]).toEqual([200, "<p>page</p>"]);
    expect(reply.headers["cache-control"]).toBe("no-cache");
  });

  test("files are kept by browsers for good, as their names carry a hash", async () => {
    build({ "page-1A.js": "1" });
    const reply = await get("/graphiql/page-1A.js");
    expect(reply.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(reply.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  });

  test("a compressed copy is sent to who takes it, and the file itself to who does not", async () => {
    build({ "page.css": "plain", "page.css.gz": gzipSync("plain") });
    const compressed = await get("/graphiql/page.css", { "accept-encoding": "gzip, br" });
    expect(compressed.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(compressed.body).toString()).toBe("plain");
    const plain = await get("/graphiql/page.css", { "accept-encoding": "identity" });
    expect([plain.headers["content-encoding"], plain.body.toString()]).toEqual([undefined, "plain"]);
  });

  test("HEAD tells the length and sends nothing; other methods are refused", async () => {
    build({ "index.html": "<p>page</p>" });
    const head = await get("/", {}, "HEAD");
    expect([head.status, head.headers["content-length"], head.body.length]).toEqual([200, "11", 0]);
    const post = await get("/", {}, "POST");
    expect([post.status, post.headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  test("every answer forbids scripts, styles and connections from elsewhere, and framing", async () => {
    build({ "index.html": "<p>page</p>" });
    for (const path of ["/", "/graphiql/none.js", "/graphiql/demo.json"]) {
      const { headers } = await get(path);
      expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'");
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    }
  });

  test.each([
    "/graphiql/../secret.txt",
    "/graphiql/..%2fsecret.txt",
    "/graphiql/%2e%2e/secret.txt",
    "/graphiql/..\\secret.txt",
    "/graphiql/sub/../../secret.txt",
    "/graphiql//secret.txt",
    "/graphiql/.secret.txt",
    "/graphiql/page.js%00.txt",
    "/secret.txt",
    "//secret.txt",
    "/graphiql/",
    "/graphiql",
    "/graphql",
  ])("%s is none of GraphiQL's", async (path) => {
    build({ "index.html": "<p>page</p>" });
    const reply = await get(path);
    expect([reply.status, reply.body.toString()]).toEqual([418, "not GraphiQL's"]);
  });

  test("a file that is not in the bundle is not found", async () => {
    build({ "index.html": "<p>page</p>" });
    expect((await get("/graphiql/other-1A.js")).status).toBe(404);
  });
});

describe("the demo's facts", () => {
  test("are served to this machine, with nothing else, and kept by nobody", async () => {
    demo = { ...FACTS, ...{ url: "http://localhost:4000/graphql" } };
    const reply = await get("/graphiql/demo.json");
    expect(reply.status).toBe(200);
    expect(reply.headers["cache-control"]).toBe("no-store");
    expect(JSON.parse(reply.body.toString())).toEqual(FACTS);
    expect(reply.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test.each(["127.0.0.1", "[::1]:4000", "LOCALHOST"])("are served under the name %s", async (host) => {
    expect((await get("/graphiql/demo.json", { host })).status).toBe(200);
  });

  test("are served to the page itself", async () => {
    expect((await get("/graphiql/demo.json", { "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  test.each([
    ["a name that merely resolves to this machine", { host: "rebound.example" }],
    ["a name that begins like a local one", { host: "localhost.example:4000" }],
    ["another site's page", { "sec-fetch-site": "cross-site" }],
    ["another port's page", { "sec-fetch-site": "same-site" }],
    ["a proxy that says for whom", { "x-forwarded-for": "203.0.113.9" }],
    ["a proxy that says so by the standard", { forwarded: "for=203.0.113.9" }],
    ["a proxy that names itself", { via: "1.1 proxy" }],
  ])("are not served to %s", async (_who, headers) => {
    expect((await get("/graphiql/demo.json", headers)).status).toBe(404);
  });

  test("are not there without demo data", async () => {
    demo = null;
    expect((await get("/graphiql/demo.json")).status).toBe(404);
  });
});
