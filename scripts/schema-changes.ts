/** What a change of the SDL would do to clients, and which SDL they were promised. */
import { execFileSync } from "node:child_process";
import { CriticalityLevel, DiffRule, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

export const SCHEMA_FILE = "schema/schema.graphql";

/**
 * What would break clients between two SDLs, a sentence each. To remove what was deprecated breaks nobody who was told in
 * time, and is none of them.
 */
export async function breakingChanges(before: string, after: string): Promise<readonly string[]> {
  const changes = await diff(buildSchema(before), buildSchema(after), [DiffRule.suppressRemovalOfDeprecatedField]);
  return changes.filter((change) => change.criticality.level === CriticalityLevel.Breaking).map((change) => change.message);
}

/**
 * The SDL as it stood on the main branch before the work at hand: at the point where this branch left it; on the main branch
 * itself, at its last commit, or at the one before when the SDL is as in the last. Null: there was none, or there is no Git.
 */
export function promisedSdl(folder: string, current: string): string | null {
  const main = ["origin/main", "main"].find((name) => git(folder, "rev-parse", "--verify", "--quiet", name) !== null);
  const base = main === undefined ? null : git(folder, "merge-base", "HEAD", main)?.trim();
  if (!base) return null;
  const atBase = git(folder, "show", `${base}:${SCHEMA_FILE}`);
  return atBase === current ? git(folder, "show", `${base}^:${SCHEMA_FILE}`) : atBase;
}

function git(folder: string, ...options: readonly string[]): string | null {
  try {
    return execFileSync("git", options, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}
