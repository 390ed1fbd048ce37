import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { transformFile } from "@swc/core";
import { startProxy } from "../support/proxy";
import { ask, SPEND, type SpendAnswer } from "./graphql-request";
import { freshFolder, removeFolder, type ServerProcess, startServerProcess } from "./server-process";

/** README's examples, run as they stand there; only the port and the folder are this test's. */

const ROOT = resolve(__dirname, "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** Names for the TypeScript examples, and words that tell them apart. */
const EXAMPLES = { apollo: "InMemoryCache", follow: "webSocketImpl", token: "SignJWT" };
const SECRET = "a secret that only this test's server knows";
const run = promisify(execFile);

let folder: string;
let modules: string;
let server: ServerProcess;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = freshFolder();
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  modules = mkdtempSync(join(ROOT, "dist", ".readme-"));
  server = await startServerProcess({ JWT_SECRET: SECRET }, folder);
});

afterAll(async () => {
  for (const child of children) child.kill();
  await server.stop();
  removeFolder(folder);
  removeFolder(modules);
});

function here(text: string): string {
  return text.replaceAll("localhost:4000", new URL(server.demo.url).host).replaceAll("./.tranche", folder);
}

/** The indented block that begins with these words. */
function shellBlock(begins: string): string {
  const blocks = README.split(/\n\n(?! {4})/).flatMap((part) => part.match(/(?:^|\n)((?: {4}.*(?:\n|$))+)/)?.[1] ?? []);
  const found = blocks.find((block) => block.trimStart().startsWith(begins));
  if (!found) throw new Error(`README has no block that begins with ${begins}`);
  return here(found.replace(/^ {4}/gm, ""));
}

/** The TypeScript examples as modules, in a folder from which they find the packages. */
function writeExamples(): void {
  const blocks = README.match(/```ts\n[\s\S]*?```/g) ?? [];
  expect(blocks).toHaveLength(Object.keys(EXAMPLES).length);
  const { customerToken, serviceKey, walletId } = server.demo;
  const facts = `const [customerToken, serviceKey, walletId, lastSequenceSeen] = ${JSON.stringify([customerToken, serviceKey, walletId, "0"])};\n`;
  for (const [name, words] of Object.entries(EXAMPLES)) {
    const block = blocks.find((one) => one.includes(words));
    if (!block) throw new Error(`README has no example with ${words}`);
    writeFileSync(join(modules, `${name}.mts`), facts + here(block.replace(/```(ts)?/g, "")));
  }
  // Node.js has it from 22 on, and browsers ever since.
  writeFileSync(join(modules, "browser.cjs"), 'globalThis.WebSocket = require("ws");');
}

/** Starts an example. `told` answers the next thing that it prints in which there is such a text, as far as the pattern's brackets say. */
async function start(name: string, ...options: string[]) {
  const { code } = await transformFile(join(modules, `${name}.mts`), {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  });
  writeFileSync(join(modules, `${name}.mjs`), code);
  const child = spawn(process.execPath, [...options, `${name}.mjs`], {
    cwd: modules,
    env: { ...process.env, JWT_SECRET: SECRET },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const told = async (pattern: RegExp): Promise<string | undefined> => {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const [, found] = pattern.exec(line.value) ?? [];
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return { told, stop: () => child.kill() };
}

/** The first such text that an example prints. */
async function firstOf(name: string, pattern: RegExp, ...options: string[]): Promise<string | undefined> {
  const { told, stop } = await start(name, ...options);
  const found = await told(pattern);
  stop();
  return found;
}

test("the examples fit the packages' types", async () => {
  writeExamples();
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const options =
    "--ignoreConfig --noEmit --strict --skipLibCheck --target es2023 --module nodenext --lib es2023,dom --types node".split(" ");
  const files = Object.keys(EXAMPLES).map((name) => `${name}.mts`);
  const result = await run(process.execPath, [compiler, ...options, ...files], { cwd: modules }).catch((error: unknown) => error);
  expect(result).toMatchObject({ stdout: "" });
});

test("the curl that spends", async () => {
  const { stdout } = await run("sh", ["-c", `${shellBlock("SERVICE_KEY=")}\n${shellBlock("curl")}`], { cwd: ROOT });
  expect(JSON.parse(stdout)).toMatchObject({
    data: { spend: { replayed: false, refusal: null, transaction: { amount: "12.5" }, wallet: { id: server.demo.walletId } } },
  });
});

test("the curl that puts a customer on a plan", async () => {
  const { stdout } = await run("sh", ["-c", shellBlock("ADMIN_KEY=")], { cwd: ROOT });
  expect(JSON.parse(stdout)).toMatchObject({
    data: {
      publishPlan: { version: { number: 1 }, refusal: null },
      createAccount: { refusal: null },
      startSubscription: {
        subscription: { status: "ACTIVE" },
        grants: [
          { kind: "PLAN", amount: "500" },
          { kind: "PLAN", amount: "500" },
        ],
        refusal: null,
      },
    },
  });
});

test("Apollo Client's balance", async () => {
  expect(await firstOf("apollo", /available: '(\d+)/, "-r", "./browser.cjs")).toMatch(/^\d+$/);
});

test("every transaction from the first, over graphql-ws, once each, also when connections break", async () => {
  const { url, serviceKey, walletId } = server.demo;
  const spend = async (idempotencyKey: string) => {
    const input = { walletId, amount: "1", idempotencyKey };
    return (await ask<SpendAnswer>(url, serviceKey, SPEND, { input })).spend.transaction?.sequence;
  };
  const proxy = await startProxy(url);
  const example = join(modules, "follow.mts");
  writeFileSync(example, readFileSync(example, "utf8").replace(new URL(url).host, new URL(proxy.url).host));
  const { told, stop } = await start("follow");
  const SEQUENCE = /sequence: '(\d+)'/;
  const newest = Number(await spend("before"));
  for (let sequence = 1; sequence <= newest; sequence++) expect(await told(SEQUENCE)).toBe(String(sequence));
  // What came twice after a cut would stand before the next one.
  for (const cut of ["first", "second"]) {
    proxy.cut();
    const sequence = await spend(cut);
    expect(await told(SEQUENCE)).toBe(sequence);
  }
  expect([await spend("after"), await told(SEQUENCE)]).toEqual([String(newest + 3), String(newest + 3)]);
  stop();
  await proxy.close();
});

test("a customer's token, signed by the application", async () => {
  const token = await firstOf("token", /^(\S+)$/);
  expect(await ask(server.demo.url, token ?? "", "{ viewer { role account { externalId } } }")).toEqual({
    viewer: { role: "CUSTOMER", account: { externalId: "acme" } },
  });
});
