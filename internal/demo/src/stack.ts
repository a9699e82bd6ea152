/**
 * The three processes of a whole Guildwire as specifications: what is run, with which environment, and where each
 * says that it is ready. Demo, development and the end-to-end tests run the same three.
 */
import { hkdfSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Ports } from "./port.ts";
import type { ProcessSpec } from "./supervised-process.ts";

export const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));

/** A demo is for the person in front of this machine: nothing of it is offered to the network. */
const LOOPBACK = "127.0.0.1";

const SIM_TOKEN = "sim-token.not-a-real.discord-bot-token";
const SIM_GUILD_ID = "900000000000000001";

/** The world the simulator plays. */
export interface WorldOptions {
  readonly seed: number;
  readonly people: number;
  readonly rooms: number;
  /** Things that happen per second, on average. */
  readonly rate: number;
}

export interface StackOptions {
  readonly ports: Ports;
  readonly world: WorldOptions;
  /** Where worker and hub keep what they must not forget. */
  readonly dataDir: string;
  /** More variables for one of them. */
  readonly env?: { readonly [Name in keyof Ports]?: Readonly<Record<string, string>> };
}

export interface Stack {
  readonly sim: ProcessSpec;
  readonly worker: ProcessSpec;
  readonly hub: ProcessSpec;
  /** Opens the hub's `/api/status`; as its `status-token` prints it. */
  readonly hubStatusToken: string;
}

/** Production builds against the simulator. */
export function demoStack(options: StackOptions): Stack {
  const key = randomBytes(32);
  const secret = `whsec_${key.toString("base64")}`;
  return {
    hubStatusToken: Buffer.from(hkdfSync("sha256", key, "", "guildwire status", 32)).toString("base64url"),
    sim: simSpec(options),
    worker: workerSpec(options, {
      NODE_ENV: "production",
      ...simCredentials(options.ports),
      HUB_ENDPOINT: hubEndpoint(options.ports),
      HUB_SECRET: secret,
      HOST: LOOPBACK,
      RECONNECT_ATTEMPTS_MAX: "unlimited",
      ...options.env?.worker,
    }),
    hub: {
      name: "hub",
      args: [join(REPOSITORY, "apps/hub/dist/server/main.js")],
      env: {
        NODE_ENV: "production",
        PORT: String(options.ports.hub),
        HOST: LOOPBACK,
        HUB_SECRET: secret,
        DATA_DIR: join(options.dataDir, "hub"),
        ...options.env?.hub,
      },
      readyUrl: `http://127.0.0.1:${options.ports.hub}/api/live`,
    },
  };
}

export function simSpec({ ports, world, env }: StackOptions): ProcessSpec {
  return {
    name: "sim",
    args: [
      join(REPOSITORY, "packages/discord-sim/src/cli.ts"),
      ...["--port", String(ports.sim), "--seed", String(world.seed), "--people", String(world.people)],
      ...["--rooms", String(world.rooms), "--rate", String(world.rate)],
      ...["--token", SIM_TOKEN, "--guild-id", SIM_GUILD_ID],
    ],
    env: { ...env?.sim },
    readyUrl: `http://127.0.0.1:${ports.sim}/control/stats`,
  };
}

function workerSpec({ ports, dataDir }: StackOptions, env: Readonly<Record<string, string>>): ProcessSpec {
  return {
    name: "worker",
    args: [join(REPOSITORY, "packages/discord-gateway-worker/dist/main.js")],
    env: { PORT: String(ports.worker), DATA_DIR: join(dataDir, "worker"), ...env },
    readyUrl: `http://127.0.0.1:${ports.worker}/ready`,
  };
}

export function simApiUrl(ports: Ports): string {
  return `http://127.0.0.1:${ports.sim}/api/v10`;
}

export function hubEndpoint(ports: Ports): string {
  return `http://127.0.0.1:${ports.hub}/api/internal/events`;
}

const USUAL_HUB_PORT = "3000";
const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Where the worker of `pnpm dev` sends its deliveries. The usual address of the hub on this machine means the hub
 * that `dev` starts, which is on another port when that one is taken: whoever took it must get no deliveries.
 */
export function devHubEndpoint(configured: string | undefined, ports: Ports): string {
  const own = hubEndpoint(ports);
  if (!configured || !URL.canParse(configured)) return configured || own;
  const { protocol, hostname, port, pathname } = new URL(configured);
  const isOwn =
    protocol === "http:" &&
    LOOPBACK_HOSTS.includes(hostname) &&
    port === USUAL_HUB_PORT &&
    pathname === new URL(own).pathname;
  return isOwn ? own : configured;
}

/** What makes a worker talk to the simulator instead of Discord. */
export function simCredentials(ports: Ports): Readonly<Record<string, string>> {
  return { DISCORD_API_URL: simApiUrl(ports), DISCORD_BOT_TOKEN: SIM_TOKEN, PRIMARY_GUILD_ID: SIM_GUILD_ID };
}
