import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    reporters: process.env["CI"]
      ? ["dot", "./tools/tally-reporter.ts"]
      : ["default", "./tools/tally-reporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["{packages,apps,examples,internal}/*/test/**/*.test.{ts,tsx}", "bench/test/**/*.test.ts"],
          exclude: ["**/*.e2e.test.ts", "**/node_modules/**"],
          // None comes near it; a machine with other work to do must not fail them.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "tools",
          include: ["tools/**/*.test.ts"],
          exclude: ["**/*.e2e.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        // Real processes and a real browser. One file at a time: two cores are few for a browser and three servers.
        test: {
          name: "e2e",
          include: ["{packages,apps,examples,internal}/*/test/**/*.e2e.test.ts", "tools/*.e2e.test.ts"],
          fileParallelism: false,
          // Apart from everything else, so that what they measure is not the unit tests.
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
