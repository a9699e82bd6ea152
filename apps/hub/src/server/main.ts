/** The hub's process in production: `node dist/server/main.js`. Reads its environment, serves, stops in good order. */
import { fileURLToPath } from "node:url";
import type { Hub } from "../compose.ts";
import { ConfigError, type HubConfig, readConfig } from "../config.ts";
import pages from "../server.ts";
import { StoreError } from "../store/store-error.ts";
import { createClientFiles } from "./client-files.ts";
import { type HttpServer, startHttpServer } from "./http-server.ts";
import { getRuntime } from "./runtime.ts";

/** The environment is wrong (EX_CONFIG of sysexits.h): starting again will not help. */
const EXIT_CONFIG = 78;
/** It may go away by itself (EX_TEMPFAIL). */
const EXIT_RESTART_ME = 75;

function configOrExit(): HubConfig {
  try {
    return readConfig(process.env);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    process.stderr.write(`${cause.message}\n`);
    return process.exit(EXIT_CONFIG);
  }
}

const clientFiles = createClientFiles(fileURLToPath(new URL("../client", import.meta.url)));

async function serve(request: Request): Promise<Response> {
  return (await clientFiles(request)) ?? (await pages.fetch(request));
}

function hubOrExit(): Hub {
  try {
    return getRuntime();
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    process.stderr.write(`The hub cannot start: ${cause.message}\n`);
    return process.exit(cause.exitCode);
  }
}

async function listenOrExit(config: HubConfig): Promise<HttpServer> {
  try {
    return await startHttpServer({ hub, fetch: serve, port: config.port, host: config.host });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const hint =
      code === "EADDRINUSE"
        ? `Port ${config.port} is taken by another process. Stop that one, or set PORT to another port.`
        : `Cannot listen on port ${config.port} (${code ?? String(cause)}). Check PORT and HOST.`;
    hub.log.error("listen_failed", { code, port: config.port, host: config.host });
    process.stderr.write(`${hint}\n`);
    return process.exit(1);
  }
}

/** The store cannot be written to now, and what it holds may not be shown as it is. */
async function readyOrExit(): Promise<void> {
  try {
    await hub.ready;
  } catch (cause) {
    process.stderr.write(
      `The hub cannot start: its store could not be brought up to date (${String(cause)}).\n`,
    );
    process.exit(EXIT_RESTART_ME);
  }
}

const config = configOrExit();
const hub = hubOrExit();
await readyOrExit();
const server = await listenOrExit(config);
hub.log.info("hub_started", { port: server.port, host: config.host, pid: process.pid });

let stopping = false;
function stop(signal: NodeJS.Signals): void {
  if (stopping) return;
  stopping = true;
  hub.log.info("hub_stopping", { signal });
  void server.stop().then((inTime) => {
    hub.log.info("hub_stopped", { inTime });
    process.exit(0);
  });
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
