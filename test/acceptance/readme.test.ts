import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { transform } from "@swc/core";
import { freshFolder, removeFolder, type ServerProcess, startServerProcess } from "./server-process";

/** README's examples, run as they stand there; only the port and the folder are this test's. */

const ROOT = resolve(__dirname, "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = freshFolder();
  server = await startServerProcess({}, folder);
});

afterAll(async () => {
  await server.stop();
  removeFolder(folder);
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

/** What the TypeScript example with these words prints first, in a program that knows the demo's facts. */
async function firstLineOf(words: string): Promise<string> {
  const example = README.match(/```ts\n[\s\S]*?```/g)?.find((block) => block.includes(words));
  if (!example) throw new Error(`README has no example with ${words}`);
  const source = here(example.replace(/```(ts)?/g, ""));
  const [imports, rest] = [source.match(/^import .*$/gm)?.join("\n") ?? "", source.replace(/^import .*$/gm, "")];
  const facts = `const { customerToken, serviceKey, walletId } = ${JSON.stringify(server.demo)}; const lastSequenceSeen = "0";`;
  // Browsers have a WebSocket of their own.
  const { code } = await transform(
    `${imports}\n(globalThis as any).WebSocket = require("ws");\n${facts}\nvoid (async () => {${rest}})();`,
    {
      jsc: { parser: { syntax: "typescript" }, target: "es2022" },
      module: { type: "commonjs" },
    },
  );
  const child = spawn(process.execPath, ["-e", code], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const [text] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  child.kill();
  return text;
}

test("the curl that spends", async () => {
  const script = `${shellBlock("SERVICE_KEY=")}\n${shellBlock("curl")}`;
  const { stdout } = await promisify(execFile)("sh", ["-c", script], { cwd: ROOT });
  expect(JSON.parse(stdout)).toMatchObject({
    data: { spend: { replayed: false, refusal: null, transaction: { amount: "12.5" }, wallet: { id: server.demo.walletId } } },
  });
});

test("Apollo Client's balance", async () => {
  expect(await firstLineOf("InMemoryCache")).toMatch(/available: '\d+/);
});

test("every transaction from the first, over graphql-ws", async () => {
  expect(await firstLineOf("client.iterate")).toMatch(/sequence: '1'/);
});
