const { availableParallelism } = require("node:os");

/** SWC compiles; the options repeat what tsconfig.json says about decorators. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts", "**/*.test.tsx"],
  transform: {
    "^.+\\.(m?[jt]sx?)$": [
      "@swc/jest",
      {
        jsc: {
          target: "es2022",
          parser: { syntax: "typescript", tsx: false, decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: true },
        },
        module: { type: "commonjs" },
      },
    ],
  },
  // These packages ship ES modules only.
  transformIgnorePatterns: ["/node_modules/(?!(jose)/)"],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  testTimeout: 60_000,
  // The database works beside them. Two on two cores: a test waits for it half of the time.
  maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
};
