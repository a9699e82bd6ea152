/**
 * The browser SDK for pages without a bundler: `/sdk/guildwire.js`, what it loads, and their source maps, as `packages/client` has built
 * them. A build of the hub takes them along; `vite dev` hands them out as they are on disk.
 */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const BUNDLE = fileURLToPath(import.meta.resolve("@guildwire/client/browser"));
const FILES: ReadonlyMap<string, { readonly path: string; readonly type: string }> = new Map(
  ["guildwire.js", "guildwire-stream.js"].flatMap((name) => {
    const path = join(dirname(BUNDLE), name);
    return [
      [`sdk/${name}`, { path, type: "text/javascript" }],
      [`sdk/${name}.map`, { path: `${path}.map`, type: "application/json" }],
    ];
  }),
);

export function serveSdk(): Plugin {
  return {
    name: "guildwire:sdk",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const file = FILES.get((request.url ?? "").split("?", 1)[0]?.slice(1) ?? "");
        if (file === undefined) {
          next();
          return;
        }
        readFile(file.path).then(
          (content) => {
            response.setHeader("access-control-allow-origin", "*");
            response.setHeader("content-type", file.type).end(content);
          },
          () => response.writeHead(404).end("the SDK is not built yet: pnpm build\n"),
        );
      });
    },
    async generateBundle() {
      if (this.environment.name !== "client") return;
      for (const [fileName, { path }] of FILES) {
        this.emitFile({ type: "asset", fileName, source: await readFile(path) });
      }
    },
  };
}
