/** Who may import whom: the rules of ARCHITECTURE.md. Type imports count like any other. */

/** Files that speak SQL, and files that speak GraphQL; everything else of a room knows neither. */
const SQL = "[.](store|rows|reads|writes|decode|pages)[.]ts$";
const GRAPHQL = "[.](types|resolver)[.]ts$";
/** Where all features meet: the schema of them all, and the composition root. */
const ROOT = "^src/(app|schema)[.]ts$";
const SHARED = "^src/(core|platform)/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Two files that need each other are one file, or hide a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "core-is-pure",
      comment: "core/ imports only core/, and luxon in core/time.ts.",
      severity: "error",
      from: { path: "^src/core/" },
      to: { pathNot: ["^src/core/", "^node_modules/luxon/"] },
    },
    {
      name: "luxon-only-in-time",
      comment: "Calendar arithmetic has one home.",
      severity: "error",
      from: { pathNot: ["^src/core/time[.]ts$", "^node_modules/", "^test/core/time"] },
      to: { path: "^node_modules/(@types/)?luxon/" },
    },
    {
      name: "models-are-pure",
      comment: "A model/ imports only core/ and other model/ folders: no I/O, no clock, no randomness. Hashing is neither.",
      severity: "error",
      from: { path: "^src/[^/]+/model/", pathNot: "^src/wallet/model/(hash|fingerprint)[.]ts$" },
      to: { pathNot: ["^src/core/", "^src/[^/]+/model/"] },
    },
    {
      name: "hashing-is-all-that-models-take-from-node",
      severity: "error",
      from: { path: "^src/wallet/model/(hash|fingerprint)[.]ts$" },
      to: { pathNot: ["^src/core/", "^src/[^/]+/model/", "^(node:)?crypto$"] },
    },
    {
      name: "platform-knows-no-feature",
      comment: "platform/ imports core/, libraries, and the migrations, which it runs.",
      severity: "error",
      from: { path: "^src/platform/" },
      to: { path: "^src/", pathNot: SHARED },
    },
    {
      name: "features-through-their-door",
      comment: "A feature imports another one only through its index.ts; models may import models.",
      severity: "error",
      from: { path: "^src/([^/]+)/", pathNot: SHARED },
      to: { path: "^src/[^/]+/", pathNot: [SHARED, "^src/$1/", "^src/[^/]+/index[.]ts$", "^src/[^/]+/model/"] },
    },
    {
      name: "other-models-only-from-models",
      severity: "error",
      from: { path: "^src/([^/]+)/", pathNot: [SHARED, "^src/[^/]+/model/"] },
      to: { path: "^src/[^/]+/model/", pathNot: "^src/$1/" },
    },
    {
      name: "wallet-knows-no-other-feature",
      comment: "The tree of trust: wallet <- pricing, plans, promotions, orders, apps, gateway <- reports.",
      severity: "error",
      from: { path: "^src/wallet/" },
      to: { path: "^src/[^/]+/", pathNot: [SHARED, "^src/wallet/"] },
    },
    {
      name: "nothing-knows-reports",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/reports/", ROOT] },
      to: { path: "^src/reports/" },
    },
    {
      name: "features-meet-in-app",
      comment: "Only schema.ts and app.ts import all features; nothing of a room imports them, nor the configuration.",
      severity: "error",
      from: { path: "^src/[^/]+/" },
      to: { path: "^src/[^/]+[.]ts$" },
    },
    {
      name: "main-imports-no-feature",
      severity: "error",
      from: { path: "^src/(main|config)[.]ts$" },
      to: { path: "^src/[^/]+/", pathNot: SHARED },
    },
    {
      name: "sql-only-in-stores",
      comment: "typeorm and pg only in files that speak SQL, and in platform/.",
      severity: "error",
      from: { path: "^src/", pathNot: [SQL, "^src/platform/"] },
      to: { path: "^node_modules/(@types/)?(pg|typeorm)/" },
    },
    {
      name: "graphql-only-at-the-edge",
      comment: "graphql and type-graphql only in *.types.ts, *.resolver.ts, platform/, and where the schema is built.",
      severity: "error",
      from: { path: "^src/", pathNot: [GRAPHQL, "^src/platform/", ROOT] },
      to: { path: "^node_modules/(graphql|type-graphql|graphql-[^/]+|@apollo/[^/]+)/" },
    },
    {
      name: "resolvers-know-no-store",
      comment: "A resolver imports verbs, loaders and types.",
      severity: "error",
      from: { path: "[.]resolver[.]ts$" },
      to: { path: SQL },
    },
    {
      name: "verbs-know-no-api",
      comment: "Only the edge knows the API's types: with what makes commands of inputs, and the door that shows them.",
      severity: "error",
      from: { path: "^src/", pathNot: [GRAPHQL, "-commands[.]ts$", "^src/[^/]+/index[.]ts$", "^src/platform/", ROOT] },
      to: { path: GRAPHQL, pathNot: ["^src/platform/", "^src/[^/]+/model/", "^node_modules/"] },
    },
    {
      name: "the-product-needs-no-tools",
      comment: "What runs in production is in dependencies, and imports no tests, scripts or benchmarks.",
      severity: "error",
      from: { path: "^(src|migrations)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"], pathNot: "/@types/" },
    },
    {
      name: "the-product-stands-alone",
      severity: "error",
      from: { path: "^(src|migrations)/" },
      to: { path: "^(test|bench|tour|scripts|graphiql)/" },
    },
    {
      name: "imports-resolve",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no JavaScript API for dependency-cruiser to parse with.
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: ["node_modules", "^dist/"] },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mjs", ".cjs", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
