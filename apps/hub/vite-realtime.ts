/**
 * `vite dev` only: what src/server/main.ts does in production. Starts the hub at boot, hands upgrades of /ws to it
 * (Vite's own hot-reload socket is left alone), and replaces the hub when an edit reaches its code.
 */
import { fileURLToPath } from "node:url";
import {
  type EnvironmentModuleNode,
  isRunnableDevEnvironment,
  type Plugin,
  type RunnableDevEnvironment,
} from "vite";
import { SOCKET_PATH } from "./src/sockets/socket-path.ts";

const RUNTIME_FILE = fileURLToPath(new URL("./src/server/runtime.ts", import.meta.url));
const RELOAD_AFTER_MS = 50;

type RuntimeModule = typeof import("./src/server/runtime.ts");

export function realtimeDev(): Plugin {
  let ssr: RunnableDevEnvironment | undefined;
  const load = async (): Promise<RuntimeModule | undefined> =>
    await ssr?.runner.import<RuntimeModule>(RUNTIME_FILE);
  const start = (): void => {
    load()
      .then((runtime) => runtime?.getRuntime())
      .catch((cause: unknown) => ssr?.logger.error(cause instanceof Error ? cause.message : String(cause)));
  };

  return {
    name: "guildwire:realtime-dev",
    apply: "serve",
    configureServer(server) {
      const environment = server.environments["ssr"];
      if (!environment || !isRunnableDevEnvironment(environment)) return;
      ssr = environment;
      server.httpServer?.on("upgrade", (request, socket, head) => {
        if (URL.parse(request.url ?? "/", "http://hub")?.pathname !== SOCKET_PATH) return;
        load()
          .then((runtime) => runtime?.getRuntime())
          .then((hub) => hub?.sockets.handleUpgrade(request, socket, head))
          .catch(() => socket.destroy());
      });
      server.httpServer?.once("listening", start);
    },
    hotUpdate: {
      order: "post",
      handler({ modules }) {
        if (this.environment.name !== "ssr" || !reaches(modules, RUNTIME_FILE)) return;
        const slot = runtimeSlot();
        if (slot) slot.generation++;
        setTimeout(start, RELOAD_AFTER_MS);
      },
    },
    async closeBundle() {
      const slot = runtimeSlot();
      const runtime = slot?.runtime;
      if (this.environment.name !== "ssr" || slot === undefined || runtime === undefined) return;
      slot.runtime = undefined;
      await (await runtime.value).close();
    },
  };
}

/** The slot of src/server/runtime.ts, which this file may not import: Vite would load a second copy. */
function runtimeSlot(): import("./src/server/runtime.ts").Slot | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for("guildwire.hub.runtime")] as
    | import("./src/server/runtime.ts").Slot
    | undefined;
}

function reaches(modules: readonly EnvironmentModuleNode[], file: string): boolean {
  const seen = new Set<EnvironmentModuleNode>();
  const waiting = [...modules];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.file === file) return true;
    waiting.push(...node.importers);
  }
  return false;
}
