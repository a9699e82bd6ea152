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
  // What is published: ES modules and their types. `index` is core and rooms together.
  {
    ...common,
    entry: {
      index: "src/index.ts",
      core: "src/core.ts",
      rooms: "src/rooms/index.ts",
      react: "src/react/index.ts",
    },
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
