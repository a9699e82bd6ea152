/** What the figures were made on; without it they say nothing. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { CLIENTS, versionOf } from "../faults/client-table.ts";

export interface Machine {
  readonly ranAt: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  return {
    ranAt: new Date().toISOString(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
  };
}

/** Versions of an installed package of this root. */
export function installedVersion(npmPackage: string): string {
  const manifest = new URL(`../../node_modules/${npmPackage}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

/** Peers that are no clients of Discord's Gateway. */
const OTHER_PEERS = ["@discordjs/rest", "@discordeno/rest", "socket.io", "crossws", "ws"];

export function peerVersions(): readonly string[] {
  return [
    ...CLIENTS.filter(({ npmPackage }) => npmPackage !== null).map(
      (client) => `${client.name} ${versionOf(client)}`,
    ),
    ...OTHER_PEERS.map((name) => `${name} ${installedVersion(name)}`),
  ];
}
