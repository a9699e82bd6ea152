/**
 * What Discord says of the token, the application, the server and its channels. Each question needs the answer of the
 * one before; nothing here identifies, so it costs nothing of the day's Identifies.
 */
import { decodeGatewayBot, PRIVILEGED_INTENTS } from "@guildwire/discord-wire";
import * as z from "zod";
import { INTENTS } from "../gateway-intents.ts";
import { channelsSchema, channelView, type Guild, guildSchema, memberSchema } from "./channel-view.ts";
import { clockFinding } from "./clock-finding.ts";
import type { DiscordAnswer, DiscordGet } from "./discord-get.ts";
import { advice, type Finding, fail, pass, skipped } from "./finding.ts";

export interface DiscordFindings {
  readonly findings: readonly Finding[];
  /** Where the Gateway is; `undefined` when that could not be asked. */
  readonly gatewayUrl: string | undefined;
}

const TOKEN = "Discord token";
const CLOCK = "clock, Discord";
const INTENT = "intents";
const BUDGET = "identify budget";
const SERVER = "server";
const CHANNELS = "voice channels";

const NO_USER_ACCOUNTS = "https://support.discord.com/hc/en-us/articles/115002192352";

const selfSchema = z.object({ id: z.string(), username: z.string(), bot: z.boolean().optional() });
const applicationSchema = z.object({ id: z.string(), flags: z.int().optional() });

/** Source: https://discord.com/developers/docs/resources/application#application-object-application-flags */
const GRANTED_BY: readonly (readonly [intent: string, flags: number])[] = [
  ["GUILD_PRESENCES", (1 << 12) | (1 << 13)],
  ["GUILD_MEMBERS", (1 << 14) | (1 << 15)],
  ["MESSAGE_CONTENT", (1 << 18) | (1 << 19)],
];

export async function discordFindings(get: DiscordGet, guildId: string): Promise<DiscordFindings> {
  const answer = await get("/users/@me");
  const token = tokenFinding(answer);
  const clock = answer.ok && answer.clock ? [clockFinding(CLOCK, "Discord", answer.clock)] : [];
  if (token.mark === "fail") {
    const others = [INTENT, BUDGET, SERVER, CHANNELS].map((name) => skipped(name, "needs the token"));
    return { findings: [token, ...clock, ...others], gatewayUrl: undefined };
  }
  const botId = selfSchema.parse(answer.ok ? answer.json : undefined).id;
  const application = await get("/applications/@me");
  const gateway = await get("/gateway/bot");
  const gatewayBot = gateway.ok && gateway.status === 200 ? decodeGatewayBot(gateway.json) : undefined;
  return {
    findings: [
      token,
      ...clock,
      intentFinding(application),
      budgetFinding(gateway),
      ...(await serverFindings(get, guildId, botId)),
    ],
    gatewayUrl: gatewayBot?.ok ? gatewayBot.value.url : undefined,
  };
}

function tokenFinding(answer: DiscordAnswer): Finding {
  if (answer.ok && answer.status === 401) {
    return fail(
      TOKEN,
      "tokenRefused",
      "Discord refuses DISCORD_BOT_TOKEN (401)",
      `reset it on the Bot page of the developer portal and set the new one; a user account's token is refused too, and its use forbidden (${NO_USER_ACCOUNTS})`,
    );
  }
  const trouble = troubleOf(TOKEN, answer);
  if (trouble !== undefined) return trouble;
  const self = selfSchema.safeParse(answer.ok ? answer.json : undefined);
  if (!self.success) return notDiscords(TOKEN, self.error);
  if (self.data.bot !== true) {
    return fail(
      TOKEN,
      "userToken",
      `belongs to the user account ${self.data.id}, not to a bot`,
      `Discord forbids automating user accounts (${NO_USER_ACCOUNTS}): make a bot, and change that account's password`,
    );
  }
  return pass(TOKEN, `bot ${self.data.username} (${self.data.id})`);
}

function intentFinding(answer: DiscordAnswer): Finding {
  const trouble = troubleOf(INTENT, answer);
  if (trouble !== undefined) return trouble;
  const application = applicationSchema.safeParse(answer.ok ? answer.json : undefined);
  if (!application.success) return notDiscords(INTENT, application.error);
  const flags = application.data.flags ?? 0;
  const granted = GRANTED_BY.filter(([, flag]) => (flags & flag) !== 0).map(([name]) => name);
  if ((INTENTS & PRIVILEGED_INTENTS) === 0) {
    const unused = granted.length === 0 ? "" : `; ${granted.join(", ")} may be switched off`;
    return pass(INTENT, `GUILDS and GUILD_VOICE_STATES, which need no grant${unused}`);
  }
  return fail(
    INTENT,
    "intentsRefused",
    `granted: ${granted.join(", ") || "none"}`,
    "switch the privileged intents on, on the Bot page of the developer portal",
  );
}

function budgetFinding(answer: DiscordAnswer): Finding {
  const trouble = troubleOf(BUDGET, answer);
  if (trouble !== undefined) return trouble;
  const gateway = decodeGatewayBot(answer.ok ? answer.json : undefined);
  if (!gateway.ok) return fail(BUDGET, "discordUnreachable", gateway.problem, urlRemedy());
  const { shards, sessionStartLimit } = gateway.value;
  const { remaining, total, resetAfterMs } = sessionStartLimit;
  const left = `${remaining} of ${total} Identifies are left for ${Math.ceil(resetAfterMs / 3_600_000)} h`;
  if (remaining === 0) {
    return fail(BUDGET, "identifyBudgetSpent", left, "find what else uses this token, or restarts in a loop");
  }
  if (shards > 1) {
    const remedy = "a bot of its own in fewer servers; this worker runs as one shard";
    return advice(BUDGET, `${left}; Discord recommends ${shards} shards`, remedy);
  }
  return pass(BUDGET, left);
}

async function serverFindings(get: DiscordGet, guildId: string, botId: string): Promise<readonly Finding[]> {
  const answer = await get(`/guilds/${guildId}`);
  const isAway = answer.ok && (answer.status === 403 || answer.status === 404);
  const trouble = isAway
    ? fail(
        SERVER,
        "notInGuild",
        `the bot is not in the server ${guildId}`,
        `invite it, or correct PRIMARY_GUILD_ID: https://discord.com/oauth2/authorize?client_id=${botId}&scope=bot&permissions=1024&guild_id=${guildId}`,
      )
    : troubleOf(SERVER, answer);
  if (trouble !== undefined) return [trouble, skipped(CHANNELS, "needs the server")];
  const guild = guildSchema.safeParse(answer.ok ? answer.json : undefined);
  if (!guild.success) {
    return [notDiscords(SERVER, guild.error), skipped(CHANNELS, "needs the server")];
  }
  return [pass(SERVER, `${guild.data.name} (${guildId})`), await channelFinding(get, guild.data, botId)];
}

async function channelFinding(get: DiscordGet, guild: Guild, botId: string): Promise<Finding> {
  const member = await get(`/guilds/${guild.id}/members/${botId}`);
  const list = await get(`/guilds/${guild.id}/channels`);
  const trouble = troubleOf(CHANNELS, member) ?? troubleOf(CHANNELS, list);
  if (trouble !== undefined) return trouble;
  const roles = memberSchema.safeParse(member.ok ? member.json : undefined);
  const channels = channelsSchema.safeParse(list.ok ? list.json : undefined);
  if (!roles.success) return notDiscords(CHANNELS, roles.error);
  if (!channels.success) return notDiscords(CHANNELS, channels.error);
  const { visible, hidden } = channelView(guild, { botId, roleIds: roles.data.roles }, channels.data);
  const remedy =
    "give the bot's role View Channel there, or in the category; channels it may not view are not shown";
  if (visible.length === 0 && hidden.length === 0) {
    // Discord leaves hidden channels out of this list, so none may mean none that it may view.
    return advice(CHANNELS, "none that the bot may view", `make one, or ${remedy}`);
  }
  if (visible.length === 0) return fail(CHANNELS, "intentsRefused", `all hidden: ${listed(hidden)}`, remedy);
  if (hidden.length > 0) return advice(CHANNELS, `${visible.length} seen, hidden: ${listed(hidden)}`, remedy);
  return pass(CHANNELS, `${visible.length} seen: ${listed(visible)}`);
}

const NAMES_MAX = 10;

function listed(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return names.slice(0, NAMES_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** What is wrong with any answer that is not the one hoped for. */
function troubleOf(name: string, answer: DiscordAnswer): Finding | undefined {
  if (!answer.ok) return fail(name, "discordUnreachable", answer.detail, urlRemedy());
  if (answer.status === 429) {
    const wait = answer.retryAfterS === undefined ? "a while" : `${Math.ceil(answer.retryAfterS)} s`;
    return fail(name, "rateLimited", "Discord answered 429", `wait ${wait} and ask again`);
  }
  if (answer.status === 200) return undefined;
  return fail(name, "discordUnreachable", `Discord answered ${answer.status}`, urlRemedy());
}

const PROBLEMS_MAX = 3;

/** An answer of 200 that Discord would not give, and what it lacks. */
function notDiscords(name: string, { issues }: z.ZodError): Finding {
  const problems = issues
    .slice(0, PROBLEMS_MAX)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
  return fail(
    name,
    "discordUnreachable",
    `the answer is not Discord's: ${problems.join("; ")}`,
    "check DISCORD_API_URL and what stands between: a proxy or a login page may answer in Discord's place",
  );
}

function urlRemedy(): string {
  return "check DISCORD_API_URL, DNS and the firewall, and https://discordstatus.com";
}
