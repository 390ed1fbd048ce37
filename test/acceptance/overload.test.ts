import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { auditDatabase } from "../support/audit";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { ToySocket } from "../support/toy-socket";
import { ask, fundedWallet, request, SPEND, type SpendAnswer } from "./graphql-request";
import { type ServerProcess, startServerProcess } from "./server-process";

/** More than the server may have under way, because somebody keeps what it needs. */

const MOST = 3;

let database: TestDatabase;
let server: ServerProcess;
let walletId: string;
let keeper: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DEMO: "true", OPERATIONS_MAX: String(MOST) });
  walletId = await fundedWallet(server.demo, "overload", "1000");
  keeper = new Client({ connectionString: database.url });
  await keeper.connect();
});

afterAll(async () => {
  await keeper.end();
  expect(await server.stop()).toBe(0);
  expect(await auditDatabase(database.url)).toEqual([]);
  await database.drop();
});

const inputOf = (idempotencyKey: string) => ({ input: { walletId, amount: "1", idempotencyKey } });
const spend = (key: string) => request(server.demo.url, server.demo.serviceKey, SPEND, inputOf(key));
const get = async (path: string) => fetch(new URL(path, server.demo.url));

/** Looks until so many operations are under way; that it can be looked is part of what is promised. */
async function untilUnderWay(count: number): Promise<void> {
  const line = `tranche_operations_admitted ${count}\n`;
  while (!(await (await get("/metrics")).text()).includes(line));
}

/** While all wallets are locked by somebody else; the lock is gone afterwards, whatever happens. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  await keeper.query("BEGIN");
  await keeper.query("SELECT 1 FROM wallets FOR UPDATE");
  try {
    await work();
  } finally {
    await keeper.query("COMMIT");
  }
}

test("what is too much over HTTP is refused at once, what was taken is done, and then all is as before", async () => {
  let taken: readonly ReturnType<typeof spend>[] = [];
  await whileLocked(async () => {
    taken = Array.from({ length: MOST }, (_, index) => spend(`http ${index}`));
    await untilUnderWay(MOST);
    const refused = await fetch(server.demo.url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${server.demo.serviceKey}` },
      body: JSON.stringify({ query: SPEND, variables: inputOf("refused") }),
    });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: "UNAVAILABLE", retryAfter: 1 } }] });
    for (const path of ["/health", "/ready"]) expect((await get(path)).status).toBe(200);
  });
  for (const answer of await Promise.all(taken))
    expect(answer).toMatchObject({ status: 200, data: { spend: { replayed: false, refusal: null } } });
  // Nothing of what was refused had been done.
  const again = await ask<SpendAnswer>(server.demo.url, server.demo.serviceKey, SPEND, inputOf("refused"));
  expect(again.spend).toMatchObject({ replayed: false, refusal: null });
});

test("what is too much on sockets is refused as well, and the sockets stay", async () => {
  const socket = await ToySocket.as(server.demo, server.demo.serviceKey);
  await whileLocked(async () => {
    for (let index = 0; index < MOST; index++) socket.subscribe(String(index), SPEND, inputOf(`socket ${index}`));
    await untilUnderWay(MOST);
    socket.subscribe("refused", SPEND, inputOf("refused on a socket"));
    expect(await socket.expect("error")).toMatchObject({
      id: "refused",
      payload: [{ extensions: { code: "UNAVAILABLE", retryAfter: 1 } }],
    });
  });
  for (let told = 0; told < 2 * MOST; told++) {
    const { type, payload } = await socket.next();
    if (type === "next") expect(payload).toMatchObject({ data: { spend: { replayed: false, refusal: null } } });
    else expect(type).toBe("complete");
  }
  socket.subscribe("again", SPEND, inputOf("refused on a socket"));
  expect(await socket.expect("next")).toMatchObject({ payload: { data: { spend: { replayed: false, refusal: null } } } });
  await socket.close();
});
