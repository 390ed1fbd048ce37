import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Unavailable } from "../../../src/platform/unavailable";
import { ask, codes, post, startToyServer, type ToyServer } from "../../support/toy-server";

const ADMIN = { authorization: "Bearer admin" };
let server: ToyServer;

beforeAll(async () => {
  server = await startToyServer({ config: { bodyMaxBytes: 100_000 } });
});

afterAll(() => server.stop());

beforeEach(() => {
  server.logged.length = 0;
  server.toy.seen.length = 0;
});

describe("a request over HTTP", () => {
  test("is answered in the media type of GraphQL, not to be kept by anyone", async () => {
    const { status, data, headers } = await ask(server, "{ hello role }");
    expect({ status, data }).toEqual({ status: 200, data: { hello: "world", role: "ADMIN" } });
    expect(headers.get("content-type")).toBe("application/graphql-response+json; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("may be a mutation, and name one operation of several", async () => {
    const query = "query A { hello } mutation B($number: Int!) { ring(number: $number) }";
    const { data } = await ask(server, query, { operationName: "B", variables: { number: 7 } });
    expect(data).toEqual({ ring: 7 });
    expect(server.toy.seen).toEqual(["ring 7"]);
  });

  test("has an id, its own or the one it comes with", async () => {
    const first = await ask(server, "{ hello }");
    expect(first.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const second = await ask(server, "{ hello }", { headers: { "x-request-id": "trace:1-2.3" } });
    expect(second.headers.get("x-request-id")).toBe("trace:1-2.3");
    const third = await ask(server, "{ hello }", { headers: { "x-request-id": 'forged" log line' } });
    expect(third.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("learns its cost when it asks for it", async () => {
    expect((await ask(server, "{ book { id } }", { headers: { "x-tranche-cost": "1" } })).extensions).toEqual({
      cost: { requested: 2, limit: 20_000 },
    });
    expect((await ask(server, "{ book { id } }")).extensions).toBeUndefined();
  });

  test("gets a context of its own", async () => {
    const before = server.toy.contexts;
    await Promise.all([ask(server, "{ hello }"), ask(server, "{ hello }")]);
    expect(server.toy.contexts - before).toBe(2);
  });
});

describe("a credential", () => {
  test("is needed, before anything is read", async () => {
    for (const headers of [{}, { authorization: "Bearer unknown" }, { authorization: "" }] as Record<string, string>[]) {
      const answer = await post(server, "not JSON", headers);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(answer.errors).toEqual([
        { message: "Send Authorization: Bearer, with a key.", extensions: { code: "UNAUTHENTICATED" } },
      ]);
    }
  });

  test("that cannot be checked now may be tried again", async () => {
    server.authenticator.failure = new Unavailable("The keys cannot be read.", 2.5);
    const answer = await ask(server, "{ hello }");
    server.authenticator.failure = null;
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("3");
    expect(answer.errors).toEqual([
      { message: "The keys cannot be read.", extensions: { code: "UNAVAILABLE", retryAfter: 2.5 } },
    ]);
  });
});

describe("errors", () => {
  test("of the input say where", async () => {
    const { status, errors } = await ask(server, '{ fault(kind: "input") }');
    expect(status).toBe(200);
    expect(errors).toEqual([
      {
        message: "kind must not be so",
        path: ["fault"],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: "BAD_USER_INPUT", inputPath: ["kind"] },
      },
    ]);
  });

  test("that pass say when to try again", async () => {
    const { data, errors } = await ask(server, '{ hello fault(kind: "away") }');
    expect(data).toEqual({ hello: "world", fault: null });
    expect(errors?.[0]?.extensions).toEqual({ code: "UNAVAILABLE", retryAfter: 2 });
  });

  test("that comes of others who keep what it needs is no fault of ours: it may be sent again", async () => {
    const { data, errors } = await ask(server, '{ hello fault(kind: "busy") }');
    expect(data).toEqual({ hello: "world", fault: null });
    expect(errors).toMatchObject([{ extensions: { code: "UNAVAILABLE", retryAfter: 1 } }]);
    expect(JSON.stringify(errors)).not.toContain("lock timeout");
  });

  test("of ours are logged in full and told as nothing but the request's id", async () => {
    const { status, data, errors, headers } = await ask(server, '{ hello fault(kind: "bug") wrongType }');
    const requestId = headers.get("x-request-id");
    expect({ status, data }).toEqual({ status: 200, data: { hello: "world", fault: null, wrongType: null } });
    for (const error of errors ?? []) {
      expect(error.message).toBe("Something went wrong in the server. Tell the operator the request id.");
      expect(error.extensions).toEqual({ code: "INTERNAL", requestId });
    }
    expect(errors).toHaveLength(2);
    const faults = server.logged.map(({ fields }) => [fields["requestId"], fields["path"], fields["err"]].map(String).join(" "));
    expect(new Set(faults)).toEqual(
      new Set([
        `${requestId} fault Error: password=hunter2 in a stack trace`,
        `${requestId} wrongType Int cannot represent non-integer value: "no number"`,
      ]),
    );
  });

  test("of documents come with 400, but with 200 for clients that only know JSON", async () => {
    const newer = await ask(server, "{ unknown }");
    expect([newer.status, codes(newer)]).toEqual([400, ["BAD_USER_INPUT"]]);
    const older = await ask(server, "{ unknown }", { headers: { accept: "application/json" } });
    expect([older.status, codes(older)]).toEqual([200, ["BAD_USER_INPUT"]]);
    expect(older.headers.get("content-type")).toBe("application/json; charset=utf-8");
  });

  test("of variables say where in them, whether or not the document is known", async () => {
    const query = "query ($input: EchoInput!) { echo(input: $input) { amount } }";
    await ask(server, query, { variables: { input: {} } });
    for (let round = 0; round < 2; round++) {
      const { status, errors } = await ask(server, query, { variables: { input: { items: [{ amount: 1.5 }] } } });
      expect(status).toBe(400);
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", inputPath: ["input", "items", 0, "amount"] } }]);
    }
  });
});

describe("what is no request", () => {
  test.each([
    ["not JSON", "{ hello }", "The body is not valid JSON."],
    ["empty", "", "The body is not valid JSON."],
    ["a batch", '[{"query":"{ hello }"}]', "Batches are not accepted: send one operation a request."],
    ["an empty batch", "[]", "Batches are not accepted: send one operation a request."],
    ["null", "null", 'The body must be a JSON object with "query".'],
    ["a number", "1", 'The body must be a JSON object with "query".'],
    ["without a document", "{}", "query must be a GraphQL document"],
    ["with another thing for it", '{"query":{}}', "query must be a GraphQL document"],
    ["with a list for variables", '{"query":"{ hello }","variables":[]}', "variables must be an object"],
    ["with text for variables", '{"query":"{ hello }","variables":"{}"}', "variables must be an object"],
    ["with a number for the operation's name", '{"query":"{ hello }","operationName":1}', "operationName must be a string"],
    ["with text for extensions", '{"query":"{ hello }","extensions":"x"}', "extensions must be an object"],
    ["a persisted query", '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}', "PersistedQueryNotSupported"],
  ])("%s gets 400 and is told so", async (_, body, message) => {
    const answer = await post(server, body, ADMIN);
    expect(answer.status).toBe(400);
    expect(answer.errors).toMatchObject([{ message, extensions: { code: "BAD_USER_INPUT" } }]);
  });

  test("a subscription is shown the way", async () => {
    const { status, errors } = await ask(server, "subscription { rings { number } }");
    expect(status).toBe(400);
    expect(errors?.[0]?.message).toContain("Subscriptions run over a WebSocket");
  });

  test.each([
    [{ "content-type": "text/plain" }, 415],
    [{ "content-type": "application/x-www-form-urlencoded" }, 415],
    [{ "content-type": "multipart/form-data; boundary=x" }, 415],
    [{ "content-type": "application/json; charset=latin1" }, 415],
    [{ "content-encoding": "gzip" }, 415],
    [{ accept: "text/html" }, 406],
  ])("with %j gets %i", async (headers, status) => {
    const answer = await post(server, '{"query":"{ hello }"}', { ...ADMIN, ...(headers as unknown as Record<string, string>) });
    expect([answer.status, codes(answer)]).toEqual([status, ["BAD_USER_INPUT"]]);
  });

  test.each(["GET", "PUT", "DELETE"])("with %s gets 405", async (method) => {
    const response = await fetch(`${server.url}?query={hello}`, { method, headers: ADMIN });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
    expect(codes((await response.json()) as object)).toEqual(["BAD_USER_INPUT"]);
  });

  test("text that is not UTF-8 gets 400", async () => {
    const body = new Uint8Array([...Buffer.from('{"query":"{ hello }","x":"'), 0xff, ...Buffer.from('"}')]);
    const { status, errors } = await post(server, body, ADMIN);
    expect([status, errors?.[0]?.message]).toEqual([400, "The body must be UTF-8."]);
  });
});

describe("a body that is too large", () => {
  test("gets 413 by its announced length, and the connection lives on", async () => {
    const { status, errors } = await post(server, " ".repeat(150_000), ADMIN);
    expect(status).toBe(413);
    expect(errors).toMatchObject([
      { message: "The body must have at most 100000 bytes.", extensions: { code: "BAD_USER_INPUT" } },
    ]);
    expect((await ask(server, "{ hello }")).status).toBe(200);
  });

  test("gets 413 while it comes, when its length was not announced", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest(server.url, { method: "POST", headers: { ...ADMIN, "content-type": "application/json" } });
      outgoing.once("response", (incoming) => {
        incoming.resume();
        incoming.once("end", () => resolve(incoming.statusCode));
      });
      outgoing.once("error", reject);
      for (let sent = 0; sent < 150_000; sent += 10_000) outgoing.write(" ".repeat(10_000));
      outgoing.end();
    });
    expect(status).toBe(413);
  });

  test("is cut off when it does not end", async () => {
    const outgoing = httpRequest(server.url, { method: "POST", headers: { ...ADMIN, "content-type": "application/json" } });
    const cut = new Promise<void>((resolve) => {
      outgoing.on("error", () => resolve());
      outgoing.on("close", () => resolve());
    });
    const pump = (): void => {
      while (!outgoing.destroyed && outgoing.write(" ".repeat(50_000)));
      outgoing.once("drain", pump);
    };
    pump();
    await cut;
    expect((await ask(server, "{ hello }")).status).toBe(200);
  });

  test("a client that goes away in the middle is no fault of ours", async () => {
    const noticed = server.logs("a client went away before its request was there");
    const headers = { ...ADMIN, "content-type": "application/json", "content-length": "1000" };
    const outgoing = httpRequest(server.url, { method: "POST", headers });
    outgoing.on("error", () => undefined);
    outgoing.write("{", () => outgoing.destroy());
    await noticed;
    expect(server.logged.filter(({ level }) => level === "error")).toEqual([]);
  });
});
