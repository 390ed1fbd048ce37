import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { ask, codes, post, startToyServer, type ToyAnswer, type ToyError, type ToyServer } from "../support/toy-server";
import { ToySocket } from "../support/toy-socket";

let server: ToyServer;
let socket: ToySocket;

beforeAll(async () => {
  server = await startToyServer({ config: { bodyMaxBytes: 6_000_000 } });
  socket = await ToySocket.as(server, "admin");
});

afterAll(() => server.stop());

// Whatever came in: the server lives, on the same connection, and calls nothing of it a fault of its own.
afterEach(async () => {
  expect((await ask(server, "{ hello }")).data).toEqual({ hello: "world" });
  expect(await socket.ask("{ hello }")).toEqual({ data: { hello: "world" } });
  expect(server.logged.filter(({ level }) => level === "error")).toEqual([]);
});

type Told = Pick<ToyAnswer, "data" | "errors">;

/** The same request over both transports; the answers are the same. */
async function tell(query: string, variables: object = {}): Promise<Told> {
  const { data, errors } = await ask(server, query, { variables });
  const overSocket = await socket.ask(query, variables);
  const told: Told = Array.isArray(overSocket) ? { errors: overSocket as ToyError[] } : (overSocket as Told);
  expect(told).toEqual({ ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) });
  return told;
}

/** As `tell`, with variables as JSON text: for what JSON.stringify() would not write. */
async function tellText(query: string, variables: string): Promise<Told> {
  const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
  const { data, errors } = await post(server, body, { authorization: "Bearer admin" });
  socket.sendText(`{"type":"subscribe","id":"text","payload":${body}}`);
  const { type, payload } = await socket.next();
  if (type === "next") await socket.expect("complete");
  expect(type === "error" ? { errors: payload } : payload).toEqual({
    ...(data === undefined ? {} : { data }),
    ...(errors === undefined ? {} : { errors }),
  });
  return { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) };
}

const ECHO = "query ($input: EchoInput!) { echo(input: $input) { amount metadata text } }";

describe("hostile amounts", () => {
  test.each([
    ...[
      '"1e3"',
      '"-0"',
      '"NaN"',
      '"Infinity"',
      '"1234567890123456789"',
      '"1.1234567"',
      '"١٢٫٥"',
      '"１２"',
      '"0x10"',
      '""',
      '" 1"',
      '"1\\n"',
    ],
    ...["1.5", "-0", "-0.0", "1e-3", "1e400", "9007199254740993", "true", "{}", "[1]", "[]"],
  ])("%s in a variable is refused, and where", async (amount) => {
    const { data, errors } = await tellText(ECHO, `{"input":{"amount":${amount}}}`);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", inputPath: ["input", "amount"] } }]);
  });

  test.each(['"1e3"', "1e3", "1.0", "-0", '"NaN"', "NaN", "{}"])("%s in a document is refused, and where", async (amount) => {
    const { errors } = await tell(`{ echo(input: { amount: ${amount} }) { amount } }`);
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", inputPath: ["input", "amount"] } }]);
  });
});

describe("hostile texts", () => {
  test.each(["\\u0000", "\\ud800", "\\udc00x", "a\\uD83D"])("%s is refused wherever it stands", async (text) => {
    for (const [variables, inputPath] of [
      [`{"input":{"text":"${text}"}}`, ["input", "text"]],
      [`{"input":{"metadata":{"a":["${text}"]}}}`, ["input", "metadata", "a", 0]],
      [`{"input":{"metadata":{"${text}":1}}}`, ["input", "metadata"]],
      [`{"input":{},"unused":"${text}"}`, ["unused"]],
    ] as const) {
      const { errors } = await tellText(ECHO, variables);
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", inputPath } }]);
    }
    expect(codes(await tell(`{ echo(input: { text: "${text}" }) { text } }`))).toEqual(["BAD_USER_INPUT"]);
  });

  test("that only look hostile are taken", async () => {
    const text = "\\u0000 𝄞";
    expect(await tell(ECHO, { input: { text } })).toMatchObject({ data: { echo: { text } } });
  });

  test("of the wrong length are refused", async () => {
    expect((await tell(ECHO, { input: { text: "x".repeat(11) } })).errors).toMatchObject([
      {
        message: "input.text must have 1 to 10 characters",
        extensions: { code: "BAD_USER_INPUT", inputPath: ["input", "text"] },
      },
    ]);
  });

  test("of megabytes are not repeated in the answer", async () => {
    const { errors } = await tell(ECHO, { input: { amount: "1".repeat(3_000_000) } });
    expect(JSON.stringify(errors).length).toBeLessThan(2_000);
  });
});

describe("hostile metadata", () => {
  const refused = async (variables: string): Promise<void> => {
    const { errors } = await tellText(ECHO, variables);
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", inputPath: ["input", "metadata"] } }]);
  };

  test("of more than 4 KB is refused", () => refused(`{"input":{"metadata":{"a":"${"x".repeat(4_096)}"}}}`));

  test("a million levels deep is refused", () =>
    refused(`{"input":{"metadata":{"a":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}}}`));

  test("of numbers that nobody can keep is refused", () => refused('{"input":{"metadata":{"a":1e999}}}'));

  test("that is a list is refused", () => refused('{"input":{"metadata":[]}}'));

  test("called __proto__ changes nothing", async () => {
    const { data } = await tellText(ECHO, '{"input":{"metadata":{"__proto__":{"a":1}}}}');
    expect(JSON.stringify(data)).toContain('"metadata":{"__proto__":{"a":1}}');
  });
});

describe("hostile documents", () => {
  const many = (count: number, write: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => write(index)).join(" ");
  const TOO_COMPLEX: readonly (readonly [string, string])[] = [
    ["fields 5,000 levels deep", `${"{ a ".repeat(5_000)}${"}".repeat(5_000)}`],
    ["fields 17 levels deep", `{ __schema { ${"types { fields { type { ".repeat(6)} name ${"} } }".repeat(6)} } }`],
    ["4,000 aliases", `{ ${many(4_000, (index) => `a${index}: hello`)} }`],
    ["4,000 aliases of __typename", `{ ${many(4_000, (index) => `a${index}: __typename`)} }`],
    ["101 aliases", `{ ${many(101, (index) => `a${index}: hello`)} }`],
    ["4,000 fields", `{ ${many(4_000, () => "hello")} }`],
    ["1,000 directives", `{ hello ${many(1_000, () => "@include(if: true)")} }`],
    ["a list a million levels deep", `{ hello(x: ${"[".repeat(90_000)}${"]".repeat(90_000)}) }`],
    ["a type a hundred thousand levels deep", `query ($x: ${"[".repeat(90_000)}Int${"]".repeat(90_000)}) { hello }`],
    ["a document of 5 MB", `{ hello } ${"#".repeat(5_000_000)}`],
    [
      "100 pages of 100",
      "{ books(first: 100) { edges { node { id title } } } b: books(first: 100) { edges { ...E ...E } } }"
        .replace("100)", "2000000000)")
        .concat(" fragment E on BookEdge { node { id } }"),
    ],
  ];

  test.each(TOO_COMPLEX)("%s are too complex", async (_, query) => {
    const started = performance.now();
    expect(codes(await tell(query))).toEqual(["QUERY_TOO_COMPLEX"]);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test("fragments in circles are refused", async () => {
    const circles = [
      "{ ...A } fragment A on Query { ...A }",
      "{ book { ...A } } fragment A on Book { ...B } fragment B on Book { ...A }",
      `{ ...F0 } ${many(200, (index) => `fragment F${index} on Query { ...F${(index + 1) % 200} }`)}`,
    ];
    for (const query of circles) expect(new Set(codes(await tell(query)))).toEqual(new Set(["BAD_USER_INPUT"]));
  });

  test.each(["{", "}", "", "{ hello(", '{ hello(x: "', "query", "𝄞", "{ hello } \u0000", "{ __proto__ }", "{ constructor }"])(
    "%j is refused",
    async (query) => {
      const told = query === "" ? await ask(server, query) : await tell(query);
      expect(codes(told).length).toBeGreaterThan(0);
      expect(new Set(codes(told))).toEqual(new Set(["BAD_USER_INPUT"]));
    },
  );

  test("a hundred thousand bad values are told of a few times", async () => {
    const items = Array.from({ length: 100_000 }, () => ({ amount: "x" }));
    const started = performance.now();
    const { errors = [] } = await tell(ECHO, { input: { items } });
    expect(errors.length).toBeLessThanOrEqual(11);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test("known documents are no way around the checks of variables", async () => {
    await tell(ECHO, { input: { amount: "1" } });
    const items = Array.from({ length: 100_000 }, () => ({ amount: "x" }));
    const { errors = [] } = await tell(ECHO, { input: { items } });
    expect(errors.length).toBeLessThanOrEqual(11);
    expect(new Set(codes({ errors }))).toEqual(new Set(["BAD_USER_INPUT"]));
  });
});

describe("hostile WebSocket messages", () => {
  test.each([
    ["no JSON", "{"],
    ["a batch", '[{"type":"ping"}]'],
    ["a message in a text", JSON.stringify('{"type":"ping"}')],
    ["of no known type", '{"type":"start","id":"1","payload":{"query":"{ hello }"}}'],
    ["that only servers send", '{"type":"connection_ack"}'],
    ["with a long id", JSON.stringify({ type: "subscribe", id: "x".repeat(256), payload: { query: "{ hello }" } })],
    ["without an id", '{"type":"subscribe","payload":{"query":"{ hello }"}}'],
    ["with a batch for a payload", '{"type":"subscribe","id":"1","payload":[{"query":"{ hello }"}]}'],
    ["with a list for variables", '{"type":"subscribe","id":"1","payload":{"query":"{ hello }","variables":[]}}'],
    ["a million levels deep", `{"type":"ping","payload":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`],
  ])("%s close the socket", async (_, text) => {
    const other = await ToySocket.as(server, "admin");
    other.sendText(text);
    expect((await other.closed).code).toBe(4400);
  });

  test("that are deep are no fault of the server's", async () => {
    const other = await ToySocket.as(server, "admin");
    other.sendText(`{"type":"ping","payload":{"a":${"[".repeat(15_000)}${"]".repeat(15_000)}}}`);
    expect(await other.next()).toEqual({ type: "pong" });
    const deep = `${"[".repeat(15_000)}${"]".repeat(15_000)}`;
    const query = "subscription { rings { number } }";
    other.sendText(`{"type":"subscribe","id":"1","payload":{"query":"${query}","variables":{"deep":${deep}}}}`);
    expect((await other.expect("error")).payload).toMatchObject([
      { extensions: { code: "BAD_USER_INPUT", inputPath: ["deep"] } },
    ]);
    expect(server.logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("with an id that is taken close the socket", async () => {
    const other = await ToySocket.as(server, "admin");
    other.subscribe("1", "subscription { rings { number } }");
    other.subscribe("1", "subscription { rings { number } }");
    expect((await other.closed).code).toBe(4409);
  });

  test("with the ids of an object's own names are like any other", async () => {
    const other = await ToySocket.as(server, "admin");
    for (const id of ["__proto__", "constructor", "toString"]) {
      other.subscribe(id, "{ hello }");
      expect(await other.expect("next")).toMatchObject({ id, payload: { data: { hello: "world" } } });
      await other.expect("complete");
    }
  });

  test("that are bytes, and no UTF-8, close the socket", async () => {
    const other = await ToySocket.as(server, "admin");
    other.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect((await other.closed).code).toBe(1007);
  });
});
