import { readFileSync } from "node:fs";
import type { StartClient } from "./clients/job.ts";

/** The columns of the matrix, in order. */
export interface ClientEntry {
  readonly name: string;
  /** Package in `node_modules`; `null` for ours, which is used from source. */
  readonly npmPackage: string | null;
  readonly load: () => Promise<{ readonly start: StartClient }>;
}

export const CLIENTS: readonly ClientEntry[] = [
  { name: "ours", npmPackage: null, load: () => import("./clients/ours.ts") },
  { name: "@discordjs/ws", npmPackage: "@discordjs/ws", load: () => import("./clients/discordjs-ws.ts") },
  { name: "discord.js", npmPackage: "discord.js", load: () => import("./clients/discord-js.ts") },
  { name: "discordeno", npmPackage: "@discordeno/gateway", load: () => import("./clients/discordeno.ts") },
  { name: "oceanic.js", npmPackage: "oceanic.js", load: () => import("./clients/oceanic.ts") },
  { name: "eris", npmPackage: "eris", load: () => import("./clients/eris.ts") },
  { name: "seyfert", npmPackage: "seyfert", load: () => import("./clients/seyfert.ts") },
  { name: "cloudstorm", npmPackage: "cloudstorm", load: () => import("./clients/cloudstorm.ts") },
  { name: "detritus", npmPackage: "detritus-client-socket", load: () => import("./clients/detritus.ts") },
];

/** The version that is installed, for the matrix' heading. */
export function versionOf(client: ClientEntry): string {
  if (client.npmPackage === null) return "this commit";
  const manifest = new URL(`../../node_modules/${client.npmPackage}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
