/** discord.js as it comes, or with caches as its guide trims them for bots that need none (`trimmed`). */
import { Client, Events, Options } from "discord.js";
import { dispatchCounter, INTENTS, readJob } from "./job.ts";

const job = readJob();
// It compresses with the zlib-sync addon alone, which is not here.
if (job.transport !== "none") throw new Error(`no ${job.transport}`);
const trimmed = {
  makeCache: Options.cacheWithLimits({
    ...Options.DefaultMakeCacheSettings,
    AutoModerationRuleManager: 0,
    BaseGuildEmojiManager: 0,
    GuildBanManager: 0,
    GuildEmojiManager: 0,
    GuildInviteManager: 0,
    GuildMemberManager: 0,
    GuildScheduledEventManager: 0,
    GuildStickerManager: 0,
    MessageManager: 0,
    PresenceManager: 0,
    ReactionManager: 0,
    ReactionUserManager: 0,
    StageInstanceManager: 0,
    ThreadManager: 0,
    ThreadMemberManager: 0,
    UserManager: 0,
    // Its whole use here: who is in which room.
    VoiceStateManager: Number.POSITIVE_INFINITY,
  }),
};
const client = new Client({
  intents: INTENTS,
  rest: { api: job.apiUrl },
  ...(job.variant === "trimmed" ? trimmed : {}),
});
client.on(Events.Raw as never, dispatchCounter(job) as never);
client.on(Events.Error, (error) => void process.stderr.write(`${String(error)}\n`));
client.on(Events.ShardError, (error) => void process.stderr.write(`${String(error)}\n`));
await client.login(job.token);
