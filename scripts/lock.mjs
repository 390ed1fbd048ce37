/**
 * Holds package-lock.json complete: each optional dependency has an entry, for every platform. npm leaves out those that it
 * could not look up, or that were not for the machine at hand, and `npm ci` then fails or leaves tools without their binaries
 * (https://github.com/npm/cli/issues/4828). `node scripts/lock.mjs` fails when entries are missing; `--write` adds them.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const FILE = join(import.meta.dirname, "..", "package-lock.json");
const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/** @typedef {{ version?: string, dev?: boolean, license?: string, optionalDependencies?: Record<string, string> }} Entry */

/** @type {{ packages: Record<string, Entry> }} */
const lock = JSON.parse(await readFile(FILE, "utf8"));
const missing = missingEntries();
if (process.argv.includes("--write")) {
  Object.assign(lock.packages, Object.fromEntries(missing));
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(FILE, `${JSON.stringify(lock, null, 2)}\n`);
} else if (missing.length > 0) {
  const paths = missing.map(([path]) => `  ${path}`).join("\n");
  process.stderr.write(`package-lock.json lacks, and node scripts/lock.mjs --write adds:\n${paths}\n`);
  process.exitCode = 1;
}

/** @returns {[string, object][]} */
function missingEntries() {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages))
      .map(
        ([name, version]) => /** @type {[string, object]} */ ([`node_modules/${name}`, platformPackage(name, version, entry)]),
      ),
  );
}

/**
 * The entry of a package that carries binaries for one platform, which its name tells ("…-linux-x64-musl").
 * @param {string} name
 * @param {string} version
 * @param {Entry} parent
 */
function platformPackage(name, version, parent) {
  const words = name.split(/[/-]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`package-lock.json lacks ${name} ${version}, and its name does not tell its platform`);
  }
  const libc =
    os !== "linux"
      ? []
      : words.some((word) => word.startsWith("musl"))
        ? ["musl"]
        : words.some((word) => word.startsWith("gnu"))
          ? ["glibc"]
          : [];
  return {
    version,
    cpu: [cpu],
    ...(parent.dev ? { dev: true } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    ...(parent.license === undefined ? {} : { license: parent.license }),
    optional: true,
    os: [os],
  };
}
