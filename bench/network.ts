import { resolve } from "node:path";
import { Client } from "pg";
import { EVERYBODY, publishPrices, readPrices } from "../src/pricing";
import type { WalletKey } from "../src/wallet";
import { walletId } from "../src/wallet";
import { InteractiveSpends } from "./baselines/interactive";
import { AMOUNT, answersOfEngine, HOT_CONNECTIONS, nextKey, SPREAD_CONNECTIONS } from "./engine";
import { type Bench, type Settings, serverWarmUp } from "./support/bench";
import { type Contender, compare } from "./support/compare";
import { drive, type Run } from "./support/drive";
import { HttpConnection } from "./support/http-client";
import { type ServerProcess, start, startProduct } from "./support/server";
import { SocketClient } from "./support/socket-client";
import { makeKey, makeWallets, pick, type Stage } from "./support/stage";
import { tableOf } from "./support/table";

export const SPEND = `mutation Spend($input: SpendInput!) {
  spend(input: $input) { replayed transaction { id sequence amount } wallet { id balance { available } } refusal { code } }
}`;
const SPEND_NAIVELY =
  "mutation Spend($input: SpendInput!) { spend(input: $input) { replayed transaction { id sequence amount } } }";
const SPEND_BATCH =
  "mutation Spends($input: [SpendInput!]!) { spendBatch(input: $input) { transaction { id sequence amount } refusal { code } } }";
const BATCH = 100;

/** Everything that a bench over the network works with. */
interface Scene {
  readonly stage: Stage;
  readonly settings: Settings;
  readonly product: ServerProcess;
  readonly authorization: string;
  readonly spread: readonly WalletKey[];
  readonly one: readonly WalletKey[];
  /** What to do when it is over. */
  readonly endings: (() => Promise<void>)[];
}

async function inScene(stage: Stage, settings: Settings, contendersOf: (scene: Scene) => Promise<readonly Contender[]>) {
  const spread = await makeWallets(stage, settings.quick ? 500 : 5_000);
  const one = await makeWallets(stage, 1);
  const authorization = `Bearer ${await makeKey(stage.core, "SERVICE")}`;
  const product = await startProduct(stage.url);
  const interactive = new InteractiveSpends(stage.url, SPREAD_CONNECTIONS);
  const byHand = (name: string, wallets: readonly WalletKey[], inFlight: number): Contender => ({
    name,
    run: () =>
      drive({ ...settings.load, inFlight, cpu: () => stage.cpu() }, (index) =>
        interactive.spend(pick(wallets, index), AMOUNT, nextKey()),
      ),
  });
  const endings = [() => interactive.stop(), () => product.stop()];
  try {
    const scene = { stage, settings, product, authorization, spread, one, endings };
    await warmUp(scene);
    const own = await contendersOf(scene);
    const baselines = [byHand("(a) spread", spread, SPREAD_CONNECTIONS), byHand("(a) one wallet", one, HOT_CONNECTIONS)];
    const needed = baselines.filter(({ name }) => own.some(({ to }) => to === name));
    const rows = await compare([...needed, ...own], settings.rounds);
    return { text: tableOf(rows), data: rows };
  } finally {
    for (const end of endings.reverse()) await end();
  }
}

async function warmUp(scene: Scene): Promise<void> {
  const { settings, product, authorization, spread } = scene;
  const load = { warmUpSeconds: 0, seconds: serverWarmUp(settings) };
  await overHttp({ ...scene, settings: { ...settings, load } }, product, authorization, 64, 1, (index) =>
    JSON.stringify({ query: SPEND, variables: { input: spendInput(pick(spread, index)) } }),
  );
}

/** Over so many HTTP connections, one request at a time on each. */
async function overHttp(
  { stage, settings }: Scene,
  server: ServerProcess,
  authorization: string,
  connections: number,
  unitsEach: number,
  bodyOf: (index: number) => string,
  expected = '"refusal":null',
): Promise<Run> {
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(server.url, authorization)));
  const idle = [...open];
  const run = await drive(
    { ...settings.load, inFlight: connections, unitsEach, cpu: () => stage.cpu([server.pid]) },
    async (index) => {
      const connection = idle.pop() as HttpConnection;
      const answer = await connection.send(bodyOf(index));
      if (!answer.includes(expected)) throw new Error(answer.slice(0, 500));
      idle.push(connection);
    },
  );
  for (const connection of open) connection.close();
  return run;
}

function expectSuccess(answer: string): void {
  if (answer.includes('"errors"') || answer.includes('"transaction":null')) throw new Error(answer.slice(0, 500));
}

export function spendInput(key: WalletKey, idempotencyKey = nextKey()): object {
  return { walletId: walletId(key), amount: "1", operation: "chat.completion", idempotencyKey };
}

/** The same spend, priced by the price list. */
function pricedInput(key: WalletKey): object {
  const quantities = [
    { dimension: "input", quantity: "600" },
    { dimension: "output", quantity: "200" },
  ];
  return { walletId: walletId(key), operation: "chat.completion", quantities, idempotencyKey: nextKey() };
}

function chatPrices(creditTypeId: number): Parameters<typeof publishPrices>[1] {
  const meters = [
    { dimension: "input", rate: "0.001" },
    { dimension: "output", rate: "0.002" },
  ];
  const { prices } = readPrices([{ operation: "chat.completion", meters, minimum: 1n, maximum: 100_000_000n }]);
  const whose = { creditTypeId, owner: EVERYBODY, basedOn: null, effectiveFrom: null };
  return { ...whose, prices, creditPrice: null, reason: null };
}

export const http: Bench = {
  name: "http",
  about: "one spend a request over HTTP, 64 connections, server, client and PostgreSQL on the same processors",
  run: (stage, settings) =>
    inScene(stage, settings, async (scene) => {
      const { product, authorization, spread, one } = scene;
      const body = (wallets: readonly WalletKey[], index: number) =>
        JSON.stringify({ query: SPEND, variables: { input: spendInput(pick(wallets, index)) } });
      const naive = await start(resolve(__dirname, "baselines/naive-server.js"), { DATABASE_URL: stage.url });
      scene.endings.push(() => naive.stop());
      const naiveBody = (index: number) => {
        const { accountId, creditTypeId } = pick(spread, index);
        const input = { ...spendInput({ accountId, creditTypeId }), walletId: `${accountId}/${creditTypeId}` };
        return JSON.stringify({ query: SPEND_NAIVELY, variables: { input } });
      };
      await publishPrices(stage.core, chatPrices(stage.creditTypeId), "bench");
      const priced = (index: number) => JSON.stringify({ query: SPEND, variables: { input: pricedInput(pick(spread, index)) } });
      return [
        { name: "(c) naive server", run: () => overHttp(scene, naive, authorization, 64, 1, naiveBody, '"replayed":false') },
        {
          name: "http",
          to: "(a) spread",
          reach: 1.7,
          run: () => overHttp(scene, product, authorization, 64, 1, (index) => body(spread, index)),
        },
        {
          name: "http, by quantities",
          to: "http",
          reach: 0.9,
          run: () => overHttp(scene, product, authorization, 64, 1, priced),
        },
        {
          name: "http against (c)",
          to: "(c) naive server",
          reach: 10,
          run: () => overHttp(scene, product, authorization, 64, 1, (index) => body(spread, index)),
        },
        {
          name: "http, one wallet",
          to: "(a) one wallet",
          reach: 7,
          run: () => overHttp(scene, product, authorization, 64, 1, (index) => body(one, index)),
        },
      ];
    }),
};

export const batch: Bench = {
  name: "batch",
  about: "spendBatch of 100 over HTTP, 8 connections; counted in spends",
  run: (stage, settings) =>
    inScene(stage, settings, async (scene) => {
      const { product, authorization, spread, one } = scene;
      const body = (wallets: readonly WalletKey[], index: number) => {
        const input = Array.from({ length: BATCH }, (_, place) => spendInput(pick(wallets, index * BATCH + place)));
        return JSON.stringify({ query: SPEND_BATCH, variables: { input } });
      };
      return [
        {
          name: "spendBatch",
          to: "(a) spread",
          reach: 4.5,
          run: () => overHttp(scene, product, authorization, 8, BATCH, (index) => body(spread, index)),
        },
        {
          name: "spendBatch, one wallet",
          to: "(a) one wallet",
          reach: 25,
          run: () => overHttp(scene, product, authorization, 8, BATCH, (index) => body(one, index)),
        },
      ];
    }),
};

export const socket: Bench = {
  name: "socket",
  about: "one spend a message over graphql-ws, 4 sockets, 256 in flight",
  run: (stage, settings) =>
    inScene(stage, settings, async (scene) => {
      const { product, authorization, spread } = scene;
      const run = async (): Promise<Run> => {
        const sockets = await Promise.all(Array.from({ length: 4 }, () => SocketClient.open(product.url, authorization)));
        const done = await drive({ ...settings.load, inFlight: 256, cpu: () => stage.cpu([product.pid]) }, async (index) => {
          const payload = { query: SPEND, variables: { input: spendInput(pick(spread, index)) } };
          expectSuccess(await (sockets[index % 4] as SocketClient).send(payload));
        });
        for (const one of sockets) one.close();
        return done;
      };
      return [{ name: "graphql-ws", to: "(a) spread", reach: 2.4, run }];
    }),
};

export const single: Bench = {
  name: "single",
  about: "one client, one spend at a time: the latency, beside that of a bare durable commit",
  run: (stage, settings) =>
    inScene(stage, settings, async (scene) => {
      const { product, authorization, one } = scene;
      const client = new Client({ connectionString: stage.url });
      await client.connect();
      scene.endings.push(() => client.end());
      await client.query("CREATE TABLE bare (number bigint)");
      const commit = { name: "bare", text: "INSERT INTO bare VALUES ($1)" };
      return [
        {
          name: "bare commit",
          run: () =>
            drive({ ...settings.load, inFlight: 1, cpu: () => stage.cpu() }, (index) =>
              client.query({ ...commit, values: [index] }),
            ),
        },
        {
          name: "spend over HTTP",
          to: "bare commit",
          run: () =>
            overHttp(scene, product, authorization, 1, 1, (index) =>
              JSON.stringify({ query: SPEND, variables: { input: spendInput(pick(one, index)) } }),
            ),
        },
      ];
    }),
};

export const answers: Bench = {
  name: "answers",
  about: "replays and refusals beside accepted spends: from the batcher down, 256 in flight; and over HTTP, 64 connections",
  run: (stage, settings) =>
    inScene(stage, settings, async (scene) => {
      const { product, authorization, spread } = scene;
      const send = (inputOf: (index: number) => object, expected?: string) => () =>
        overHttp(
          scene,
          product,
          authorization,
          64,
          1,
          (index) => JSON.stringify({ query: SPEND, variables: { input: inputOf(index) } }),
          expected,
        );
      const known = Array.from({ length: 1_000 }, (_, index) => ({ wallet: pick(spread, index), key: nextKey() }));
      const first = await HttpConnection.open(product.url, authorization);
      for (const { wallet, key } of known)
        expectSuccess(await first.send(JSON.stringify({ query: SPEND, variables: { input: spendInput(wallet, key) } })));
      first.close();
      return [
        ...(await answersOfEngine(stage, settings, spread)),
        { name: "accepted", run: send((index) => spendInput(pick(spread, index))) },
        {
          name: "replayed",
          to: "accepted",
          reach: 2,
          run: send((index) => {
            const { wallet, key } = pick(known, index);
            return spendInput(wallet, key);
          }),
        },
        {
          name: "refused",
          to: "accepted",
          reach: 2,
          run: send(
            (index) => ({ ...spendInput(pick(spread, index)), amount: "8000000000000" }),
            '"code":"INSUFFICIENT_CREDITS"',
          ),
        },
      ];
    }),
};
