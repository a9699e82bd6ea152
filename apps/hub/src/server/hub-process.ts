/** The process around the hub: environment in, signals, one clear last line, exit code out. */
import { fileURLToPath } from "node:url";
import { startWatchdog } from "@guildwire/runtime";
import { startLifecycle } from "@guildwire/runtime/process";
import { VERSION } from "../build-info.ts";
import { refuseConfiguration } from "../command/refusal.ts";
import { ConfigError } from "../config.ts";
import { APP } from "../log.ts";
import pages from "../server.ts";
import { createClientFiles } from "./client-files.ts";
import { endingOf } from "./ending.ts";
import { type HttpServer, startHttpServer } from "./http-server.ts";
import { getRuntime, getSettings, type HubSettings } from "./runtime.ts";

/** `entry`: the URL of the built main.js, beside which the rest of the build lies. */
export async function runHubProcess(entry: string): Promise<void> {
  let settings: HubSettings;
  try {
    settings = getSettings();
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    process.exitCode = refuseConfiguration(cause.problems);
    return;
  }
  await serveUntilStopped(settings, entry);
}

async function serveUntilStopped({ config, log }: HubSettings, entry: string): Promise<void> {
  for (const line of config.advice) log.warn("config_advice", {}, line);
  let server: HttpServer | undefined;
  const { fail } = startLifecycle({
    record: (at, { event, ...fields }, message) => log[at](event, fields, message),
    eventPrefix: "hub_",
    stop: async () => (await server?.stop()) ?? true,
    onStopped: (inTime, exitCode) => log[inTime ? "info" : "error"]("hub_stopped", { inTime, exitCode }),
  });

  const { port, host, logFile } = config;
  try {
    const clientFiles = createClientFiles(fileURLToPath(new URL("../client", entry)));
    const hub = await getRuntime();
    await hub.ready;
    const fetch = async (request: Request): Promise<Response> =>
      (await clientFiles(request)) ?? (await pages.fetch(request));
    server = await startHttpServer({ hub, fetch, port, host });
    startWatchdog({
      app: APP,
      blockedMsMax: config.loopBlockedMsMax,
      logFile,
      script: new URL("./watchdog-thread.js", entry),
    });
    const { commit, dataDir, views, pageView, connections } = config;
    const viewNames = views.map(({ name }) => name).join(" ");
    log.info(
      "hub_started",
      {
        port: server.port,
        host,
        pid: process.pid,
        version: VERSION,
        commit,
        node: process.version,
        dataDir,
        views: viewNames,
        pageView,
        connectionsMax: connections.connectionsMax,
      },
      `pages, API and sockets on port ${server.port}`,
    );
  } catch (cause) {
    fail(endingOf(cause, { port, host, dataDir: config.dataDir }));
  }
}
