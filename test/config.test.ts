import { describe, expect, test } from "@jest/globals";
import { type Config, describeVariables, readConfig } from "../src/config";

function configOf(environment: Record<string, string | undefined>): Config {
  const result = readConfig(environment);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result.config;
}

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  const result = readConfig(environment);
  return result.ok ? [] : result.problems;
}

describe("the configuration", () => {
  test("an empty environment gives a server for this machine, with the embedded database and its demo", () => {
    expect(configOf({})).toMatchObject({ host: "127.0.0.1", port: 4000, dataDir: ".tranche", databaseUrl: null, demo: true });
  });

  test("a variable that is set to nothing counts as not set", () => {
    expect(configOf({ PORT: "", DATABASE_URL: "", JWT_SECRET: "" })).toEqual(configOf({}));
  });

  test("variables that are none of ours are left alone", () => {
    expect(configOf({ PATH: "/bin" })).toEqual(configOf({}));
  });

  test("a database of one's own gets no demo data unless it is asked for", () => {
    const DATABASE_URL = "postgres://user:password@db.example:5432/tranche";
    expect(configOf({ DATABASE_URL }).demo).toBe(false);
    expect(configOf({ DATABASE_URL, DEMO: "true" }).demo).toBe(true);
    expect(configOf({ DEMO: "false" }).demo).toBe(false);
  });

  test("numbers and lists arrive as such", () => {
    expect(configOf({ PORT: "0", ALLOWED_ORIGINS: "https://a.example, http://localhost:5173" })).toMatchObject({
      port: 0,
      allowedOrigins: ["https://a.example", "http://localhost:5173"],
      jwtAlgorithms: ["RS256", "ES256", "EdDSA"],
    });
  });

  test("all problems are told at once, by name and without the values", () => {
    const problems = problemsOf({ PORT: "70000", DEMO: "yes", DATABASE_URL: "mysql://root:hunter2@db", JWT_SECRET: "hunter2" });
    expect(problems).toEqual([
      "PORT: write a whole number from 0 to 65535",
      "DATABASE_URL: write a URL such as postgres://user:password@host:5432/database",
      'DEMO: write "true" or "false"',
      "JWT_SECRET: a secret shorter than 32 bytes can be guessed",
    ]);
    expect(problems.join()).not.toContain("hunter2");
  });

  test.each(["-1", "4e3", "0x10", " 80", "80.0", "65536", "٨٠"])("%j is no port", (PORT) => {
    expect(problemsOf({ PORT })).toEqual(["PORT: write a whole number from 0 to 65535"]);
  });

  test.each(["https://app.example/", "app.example", "https://*.app.example", "https://app.example,"])(
    "%j is no list of origins",
    (text) => {
      expect(problemsOf({ ALLOWED_ORIGINS: text })).toHaveLength(1);
    },
  );

  test("with public keys, only algorithms with public keys are accepted: never HS256, never none", () => {
    for (const JWT_ALGORITHMS of ["HS256", "none", "RS256,HS256"]) expect(problemsOf({ JWT_ALGORITHMS })).toHaveLength(1);
  });

  test("an identity provider must be pinned to issuer and audience, and excludes a secret", () => {
    expect(problemsOf({ JWT_JWKS_URL: "https://id.example/jwks.json", JWT_SECRET: "s".repeat(32) })).toEqual([
      "JWT_JWKS_URL: set it or JWT_SECRET, not both",
      "JWT_ISSUER: needed with JWT_JWKS_URL",
      "JWT_AUDIENCE: needed with JWT_JWKS_URL",
    ]);
    const whole = { JWT_JWKS_URL: "https://id.example/jwks.json", JWT_ISSUER: "https://id.example", JWT_AUDIENCE: "tranche" };
    expect(configOf(whole).jwtAudience).toBe("tranche");
  });

  test("every variable is described, and its default passes its own check", () => {
    const names = describeVariables().map((variable) => variable.name);
    expect(new Set(names).size).toBe(names.length);
    for (const variable of describeVariables()) expect(variable.description).toMatch(/^[A-Z].*\.$/);
    expect(readConfig({}).ok).toBe(true);
  });
});
