import { defineConfig, type UserConfig } from "tsdown";

/** Everything goes inside, but React. */
const common: UserConfig = {
  format: "esm",
  platform: "browser",
  target: "es2022",
  deps: { alwaysBundle: [/^@guildwire\//], neverBundle: ["react", "react/jsx-runtime"] },
  fixedExtension: false,
  sourcemap: true,
  clean: true,
};

export default defineConfig([
  // What is published: two ES modules and their types.
  {
    ...common,
    entry: { index: "src/index.ts", react: "src/react/index.ts" },
    outDir: "dist/lib",
    dts: { oxc: true },
  },
  // What the hub serves to pages that have no bundler: one file, and one that is loaded where sockets do not get through.
  {
    ...common,
    entry: { guildwire: "src/index.ts", "guildwire-stream": "src/stream-socket.ts" },
    outDir: "dist/browser",
    dts: false,
    minify: true,
    // Notes for bundlers, which nothing reads after this one.
    outputOptions: { comments: false },
  },
]);
