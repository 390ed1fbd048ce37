import { chownSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { startEmbeddedPostgres } from "../../../src/platform/postgres";
import { silentLog } from "../../support/log";
import {
  ask,
  bundleServer,
  isRoot,
  ORDINARY,
  ownerOf,
  packageWithoutLinks,
  postgresPid,
  startHolder,
  temporaryFolders,
} from "./processes";

const folder = temporaryFolders();
const LINK = "native/lib/libicui18n.so.60";
let bundle: string;
let packageFolder: string;

beforeAll(() => {
  const shared = folder(0o755);
  bundle = bundleServer(shared);
  packageFolder = packageWithoutLinks(shared);
});

/** A data folder of the ordinary user's own. */
function dataFolderOfUser(): string {
  const path = join(folder(0o777), "data");
  mkdirSync(path, { mode: 0o700 });
  if (ORDINARY) chownSync(path, ORDINARY.uid, ORDINARY.gid);
  return path;
}

describe("an ordinary user", () => {
  test("runs PostgreSQL as himself; root, when it takes over, runs it as him too", async () => {
    const dataFolder = dataFolderOfUser();
    const holder = await startHolder(bundle, { dataFolder, packageFolder }, ORDINARY);
    const user = statSync(dataFolder).uid;
    expect(ownerOf(postgresPid(dataFolder) ?? 0)).toBe(user);
    await ask(holder.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    expect(await holder.stop()).toBe(0);
    const next = await startEmbeddedPostgres({ dataFolder, log: silentLog });
    expect(ownerOf(postgresPid(dataFolder) ?? 0)).toBe(user);
    expect(await ask(next.url, "SELECT answer FROM kept")).toBe(42);
    await next.stop();
  });

  if (isRoot) {
    test("without a right to write the package gets a copy with the missing links in his data folder", async () => {
      const dataFolder = dataFolderOfUser();
      const readOnly = packageWithoutLinks(folder(0o755));
      const holder = await startHolder(bundle, { dataFolder, packageFolder: readOnly }, ORDINARY);
      expect(await ask(holder.url, "SELECT 1")).toBe(1);
      expect(existsSync(join(readOnly, LINK))).toBe(false);
      expect(existsSync(join(dataFolder, "postgres-programs"))).toBe(true);
      expect(await holder.stop()).toBe(0);
    });

    test("is told that the data is another's", async () => {
      const dataFolder = dataFolderOfUser();
      mkdirSync(join(dataFolder, "postgres"), { mode: 0o700 });
      await expect(startHolder(bundle, { dataFolder, packageFolder }, ORDINARY)).rejects.toThrow(
        /belongs to the user with uid 0/,
      );
    });
  }
});
