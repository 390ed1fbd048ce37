import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { build } from "esbuild";
import { ROOT } from "./artifact.mjs";

/** @typedef {import("./artifact.mjs").Artifact} Artifact */

const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");

/**
 * src/ and what belongs to it, as CommonJS. Types are not checked here: that is `npm run check`, and it would double the time
 * from a fresh clone to a running server.
 * @type {Artifact}
 */
export const SERVER = {
  name: "server",
  inputs: [
    "src",
    "migrations",
    "scripts",
    "bench",
    "tour",
    "ormconfig.ts",
    "tsconfig.json",
    "tsconfig.build.json",
    "package-lock.json",
  ],
  matches: (name) => name.endsWith(".ts"),
  async make(folder) {
    try {
      await promisify(execFile)(process.execPath, [TSC, "-p", "tsconfig.build.json", "--noCheck", "--outDir", folder], {
        cwd: ROOT,
      });
    } catch (error) {
      // tsc tells what is wrong on its standard output.
      throw new Error(error instanceof Error && "stdout" in error ? String(error.stdout) : String(error));
    }
  },
};

/**
 * GraphiQL with its workers, fonts and styles, all local. Names carry a hash of the content, so that browsers may keep them.
 * @type {Artifact}
 */
export const GRAPHIQL = {
  name: "graphiql",
  inputs: ["graphiql", "scripts/artifacts.mjs", "package-lock.json"],
  matches: () => true,
  async make(folder) {
    const outdir = join(folder, "graphiql");
    const workers = await bundle(outdir, {
      format: "iife",
      entryPoints: {
        editor: "monaco-editor/esm/vs/editor/editor.worker.js",
        json: "monaco-editor/esm/vs/language/json/json.worker.js",
        graphql: "monaco-graphql/esm/graphql.worker.js",
      },
    });
    const script = await bundle(outdir, {
      format: "esm",
      splitting: true,
      jsx: "automatic",
      entryPoints: { page: "graphiql/page.tsx" },
      // The modules' own styles are all in graphiql/style.css, which page.css imports.
      loader: { ".css": "empty", ".ttf": "empty" },
      define: { "process.env.NODE_ENV": '"production"', WORKERS: JSON.stringify(workers) },
    });
    const style = await bundle(outdir, {
      entryPoints: { page: "graphiql/page.css" },
      loader: { ".ttf": "dataurl", ".woff2": "dataurl" },
    });
    const template = await readFile(join(ROOT, "graphiql", "index.html"), "utf8");
    const page = template.replace("{{script}}", script.page ?? "").replace("{{style}}", style.page ?? "");
    await writeFile(join(outdir, "index.html"), page);
    await compressAll(outdir);
  },
};

/**
 * Bundles each entry point; answers the names of the files that came of them.
 * @param {string} outdir
 * @param {import("esbuild").BuildOptions & { entryPoints: Record<string, string> }} options
 * @returns {Promise<Record<string, string>>}
 */
async function bundle(outdir, options) {
  await mkdir(outdir, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    target: "es2022",
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    legalComments: "external",
    metafile: true,
    logLevel: "warning",
    outdir,
    ...options,
  });
  const names = Object.keys(metafile?.outputs ?? {}).map((path) => basename(path));
  return Object.fromEntries(
    Object.keys(options.entryPoints).map((entry) => {
      const name = names.find((file) => file.startsWith(`${entry}-`) && /\.(js|css)$/.test(file));
      if (name === undefined) throw new Error(`esbuild made nothing of ${entry}`);
      return [entry, name];
    }),
  );
}

/**
 * Leaves a compressed copy beside each file: 6 MB become 1.6.
 * @param {string} folder
 */
async function compressAll(folder) {
  for (const name of await readdir(folder)) {
    const content = await readFile(join(folder, name));
    await writeFile(join(folder, `${name}.gz`), await promisify(gzip)(content, { level: 6 }));
  }
}
