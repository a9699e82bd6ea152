import { defineConfig } from "tsdown";

/** The contract goes inside; zod stays a dependency. */
export default defineConfig({
  entry: { index: "src/index.ts", testing: "src/testing/index.ts" },
  format: "esm",
  platform: "node",
  target: "node20",
  deps: { alwaysBundle: [/^@guildwire\//] },
  fixedExtension: false,
  // The compiler needs a folder that holds both packages.
  dts: { tsconfig: "../tsconfig.declarations.json" },
  clean: true,
});
