import { GatewayIntent } from "@guildwire/discord-wire";

/** Both unprivileged: everyone in voice comes with GUILD_CREATE, whatever the guild's size. */
export const INTENTS = GatewayIntent.Guilds | GatewayIntent.GuildVoiceStates;
