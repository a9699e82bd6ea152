/** All checks of a set-up, in the order in which a person would look. */
import type { Config } from "../config.ts";
import { dataDirFinding } from "./data-dir-finding.ts";
import { discordFindings } from "./discord-findings.ts";
import { createDiscordGet } from "./discord-get.ts";
import { advice, type Finding, pass, skipped } from "./finding.ts";
import { gatewayFinding } from "./gateway-finding.ts";
import { receiverFindings } from "./receiver-findings.ts";

export interface CheckOptions {
  readonly config: Config;
  readonly advice: readonly string[];
  /** A worker answers at this configuration's health port. */
  readonly workerRuns: boolean;
}

export async function checkSetup(options: CheckOptions): Promise<readonly Finding[]> {
  const { config, workerRuns } = options;
  const configuration = options.advice.map((line) =>
    advice("configuration", line.replace(/;.*/, ""), line.replace(/^[^;]*; /, "")),
  );
  const { proxies } = config;
  const discord = await discordFindings(createDiscordGet(config), config.guildId);
  const gateway =
    discord.gatewayUrl === undefined
      ? skipped("Gateway", "its address is not known")
      : await gatewayFinding(discord.gatewayUrl, proxies);
  const receivers = await Promise.all(
    config.receivers.map((receiver) => receiverFindings(receiver, proxies, config.guildId)),
  );
  return [
    ...(configuration.length > 0 ? configuration : [pass("configuration", "complete")]),
    ...discord.findings,
    gateway,
    ...receivers.flat(),
    dataDirFinding({ dataDir: config.dataDir, bytesMax: config.outbox.bytesMax, workerRuns }),
  ];
}
