import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/cli.ts", "src/index.ts"],
  format: "esm",
  target: "node24",
  platform: "node",
  // Everything goes into the bundle: whoever has Node can run it.
  noExternal: [/^@guildwire\//, "ws"],
  // `ws` is CommonJS and asks for Node's own modules by `require`.
  banner: {
    js: 'import { createRequire as createRequireOfNode } from "node:module"; const require = createRequireOfNode(import.meta.url);',
  },
  removeNodeProtocol: false,
  splitting: true,
  clean: true,
});
