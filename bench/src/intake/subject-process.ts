/** Starts subjects. Their scripts are bundled first, so that no subject carries what strips its types in memory. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { MeasuredProcess, SUBJECT_CORE } from "../suite/measured-process.ts";
import type { Recording } from "./recording.ts";
import type { Subject } from "./subject-table.ts";
import type { SubjectJob } from "./subjects/job.ts";
import { OUR_GUILD_ID } from "./traffic.ts";

const SOURCE = fileURLToPath(new URL("subjects/", import.meta.url));
/** Below `bench`, so that its packages are found from there. */
const BUNDLES = fileURLToPath(new URL("../../dist/subjects/", import.meta.url));
export const WORKER_MAIN = fileURLToPath(
  new URL("../../../packages/discord-gateway-worker/dist/main.js", import.meta.url),
);

const TOKEN = "bench.not-a-real.token";
const SECRET = `whsec_${randomBytes(32).toString("base64")}`;

/** Files that start something when they are run; the others are what those share. */
const SHARED = new Set(["job.ts", "bare-socket.ts"]);

export async function bundleSubjects(): Promise<void> {
  mkdirSync(BUNDLES, { recursive: true });
  const files = readdirSync(SOURCE).filter((name) => name.endsWith(".ts") && !SHARED.has(name));
  await build({
    entryPoints: files.map((name) => join(SOURCE, name)),
    outdir: BUNDLES,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    outExtension: { ".js": ".mjs" },
    // What is ours goes in with all that it needs, as it does into the worker's bundle; what is measured stays as installed.
    external: installed().flatMap((name) => [name, `${name}/*`]),
  });
}

function installed(): readonly string[] {
  const manifest = new URL("../../package.json", import.meta.url);
  const { dependencies } = JSON.parse(readFileSync(manifest, "utf8")) as {
    dependencies: Record<string, string>;
  };
  return Object.keys(dependencies);
}

export interface StandAddress {
  readonly port: number;
}

export interface RunningSubject extends AsyncDisposable {
  readonly process: MeasuredProcess;
  /** Health and metrics of the worker; waits until it has said where. */
  readonly healthUrl: () => Promise<string>;
}

export function startSubject(subject: Subject, recording: Recording, { port }: StandAddress): RunningSubject {
  const base = `http://127.0.0.1:${port}`;
  if (subject.script !== null) {
    const job: SubjectJob = {
      token: TOKEN,
      gatewayUrl: `ws://127.0.0.1:${port}/gateway`,
      apiUrl: `${base}/api`,
      transport: recording.transport,
      guildId: OUR_GUILD_ID,
      arrivalSeq: recording.arrivalSeq,
      frames: recording.frames,
      ...(subject.variant === undefined ? {} : { variant: subject.variant }),
    };
    const script = join(BUNDLES, `${subject.script}.mjs`);
    const process = MeasuredProcess.start({
      script,
      args: [JSON.stringify(job)],
      core: SUBJECT_CORE,
    });
    const healthUrl = () => Promise.reject(new Error(`${subject.name} has no health`));
    return { process, healthUrl, [Symbol.asyncDispose]: () => process.end() };
  }
  const dataDir = mkdtempSync(join(tmpdir(), "guildwire-bench-"));
  const process = MeasuredProcess.start({
    script: WORKER_MAIN,
    core: SUBJECT_CORE,
    env: {
      NODE_ENV: "production",
      DISCORD_BOT_TOKEN: TOKEN,
      PRIMARY_GUILD_ID: OUR_GUILD_ID,
      HUB_ENDPOINT: `${base}/events`,
      HUB_SECRET: SECRET,
      PORT: "0",
      DISCORD_API_URL: `${base}/api/v10`,
      DATA_DIR: dataDir,
      GATEWAY_COMPRESS: recording.transport,
      // A burst of hours of events in seconds must not be given up for a snapshot, or the figures would be of fewer events.
      OUTBOX_ROWS_MAX: "5000000",
      OUTBOX_BYTES_MAX: "5000000000",
    },
  });
  return {
    process,
    healthUrl: () => healthUrlOf(process),
    async [Symbol.asyncDispose]() {
      await process.end();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function healthUrlOf(process: MeasuredProcess): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = /health on port (\d+)/.exec(process.output)?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the worker does not say where its health is: ${process.output.slice(-600)}`);
}
