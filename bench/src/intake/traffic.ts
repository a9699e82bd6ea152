/**
 * What a bot in many servers is told: READY, a GUILD_CREATE for each, and then a burst of what goes on in them, in
 * the mix and the shapes of life. Made by the simulator's world from a seed: the same options, the same traffic.
 */
import type { Dispatch } from "../../../packages/discord-sim/src/index.ts";
import { DEFAULT_GUILD_ID } from "../../../packages/discord-sim/src/sim-options.ts";
import { apply } from "../../../packages/discord-sim/src/world/apply.ts";
import { EMOJIS, GAMES, SAYINGS } from "../../../packages/discord-sim/src/world/catalogue.ts";
import type { WorldCommand } from "../../../packages/discord-sim/src/world/command.ts";
import { wireGuildCreate } from "../../../packages/discord-sim/src/world/wire.ts";
import { wireUser } from "../../../packages/discord-sim/src/world/wire-people.ts";
import { isRoom, type World } from "../../../packages/discord-sim/src/world/world.ts";
import { GuildCollection } from "../../../packages/discord-sim/src/world/worlds.ts";
import { pick, type Random, seededRandom } from "../../../packages/runtime/src/random/index.ts";
import { dressed } from "./dress.ts";

export const OUR_GUILD_ID = DEFAULT_GUILD_ID;

/** Known to be the last thing that is told. */
export const LAST_NAME = "Last of the burst";

export interface TrafficOptions {
  readonly guilds: number;
  /** Of each guild. */
  readonly people: number;
  readonly rooms: number;
  /** Part of the burst that is about our guild, from 0 to 1. */
  readonly oursShare: number;
  /** `voice`: nothing but changes of voice states, of which a watcher of rooms wants every one. */
  readonly mix: "life" | "voice";
}

/** All that is told on one connection. */
export interface TrafficSource {
  /** `resumeUrl`: where the session is to be resumed. */
  ready(resumeUrl: string): Told;
  /** GUILD_CREATE of each guild. */
  guilds(): Iterable<Told>;
  /** `count` dispatches; the last one makes whoever follows our rooms tell of someone called `LAST_NAME`. */
  burst(count: number): Iterable<Told>;
}

/** A dispatch before it has its number. */
export interface Told {
  readonly t: string;
  readonly d: unknown;
}

type Kind = (typeof MIX)[number][0];

/** Of a bot with all intents in busy servers, as recorded: parts of a hundred. */
const MIX = [
  ["presence", 45],
  ["message", 25],
  ["voice", 12],
  ["typing", 10],
  ["member", 5],
  ["reaction", 3],
] as const;

const SEED = 1;
const FIRST_MS = Date.UTC(2026, 10, 1);

export class Traffic implements TrafficSource {
  readonly #options: TrafficOptions;
  readonly #random: Random = seededRandom(SEED, "traffic");
  readonly #worlds: World[];
  readonly #collection: GuildCollection;
  readonly #people: readonly (readonly string[])[];
  readonly #queue: Told[] = [];
  #atMs = FIRST_MS;

  constructor(options: TrafficOptions) {
    this.#options = options;
    const { people, rooms, guilds } = options;
    const first = {
      seed: SEED,
      guildId: OUR_GUILD_ID as World["guild"]["id"],
      people,
      rooms,
      atMs: FIRST_MS,
    };
    this.#collection = new GuildCollection(first, { count: guilds - 1, people, rooms });
    this.#worlds = this.#collection.guildIds.flatMap((id) => this.#collection.worldOf(id) ?? []);
    this.#people = this.#worlds.map(({ members, bot }) => [...members.keys()].filter((id) => id !== bot.id));
  }

  get botId(): string {
    return this.#collection.bot.id;
  }

  /** Ours first. */
  get guildIds(): readonly string[] {
    return this.#collection.guildIds;
  }

  ready(resumeUrl: string): Told {
    const { bot, members } = this.#collection.watched;
    const self = members.get(bot.id);
    if (self === undefined) throw new Error("the bot is in its own server");
    return {
      t: "READY",
      d: {
        v: 10,
        user: { ...wireUser(self), verified: true, mfa_enabled: false, email: null, flags: 0 },
        guilds: this.#worlds.map(({ guild }) => ({ id: guild.id, unavailable: true })),
        session_id: "5e551095e551095e551095e551095e55",
        session_type: "normal",
        resume_gateway_url: resumeUrl,
        shard: [0, 1],
        application: { id: bot.id, flags: 0, flags_new: "0" },
      },
    };
  }

  /** Ours first. */
  *guilds(): Generator<Told> {
    for (const world of this.#worlds) yield dressed({ t: "GUILD_CREATE", d: wireGuildCreate(world) });
  }

  *burst(count: number): Generator<Told> {
    const { oursShare } = this.#options;
    for (let index = 0; index < count - 1; index += 1) {
      // Ours stand evenly between the others.
      const isOurs = Math.floor((index + 1) * oursShare) > Math.floor(index * oursShare);
      const others = this.#worlds.length - 1;
      yield this.#next(isOurs || others === 0 ? 0 : 1 + Math.floor(this.#random() * others));
    }
    yield this.#last();
  }

  #next(guild: number): Told {
    const waiting = guild === 0 ? this.#queue.shift() : undefined;
    if (waiting !== undefined) return waiting;
    const kind = this.#options.mix === "voice" ? "voice" : kindOf(this.#random() * 100);
    for (let tries = 0; tries < 100; tries += 1) {
      const [told, ...more] = this.#do(guild, this.#command(guild, kind));
      // What a change of ours leads to besides, such as a conversation's start, is told with our next.
      if (guild === 0) this.#queue.push(...more);
      if (told !== undefined) return told;
    }
    throw new Error(`nothing of the kind ${kind} happens in this server`);
  }

  /** Someone in voice takes a name nobody had before. */
  #last(): Told {
    const [someone] = this.#world(0).voice.values();
    if (someone === undefined) throw new Error("nobody is in voice");
    const [told] = this.#do(0, { type: "renameMember", userId: someone.userId, nick: LAST_NAME });
    if (told === undefined) throw new Error("the last change said nothing");
    return told;
  }

  #do(guild: number, command: WorldCommand | undefined): readonly Told[] {
    if (command === undefined) return [];
    // Frames come a few milliseconds apart, so that times and ids differ as they do in life.
    this.#atMs += 1 + Math.floor(this.#random() * 8);
    const change = apply(this.#world(guild), command, this.#atMs);
    if (!change.ok) return [];
    this.#worlds[guild] = change.world;
    return change.dispatches.map((dispatch: Dispatch) => dressed(dispatch));
  }

  #world(guild: number): World {
    const world = this.#worlds[guild];
    if (world === undefined) throw new RangeError(`no guild ${guild}`);
    return world;
  }

  #command(guild: number, kind: Kind): WorldCommand | undefined {
    const world = this.#world(guild);
    const random = this.#random;
    const userId = pick(random, this.#people[guild] ?? []) as World["bot"]["id"] | undefined;
    if (userId === undefined) return undefined;
    switch (kind) {
      case "presence": {
        const status = pick(random, ["online", "idle", "dnd", "offline"] as const) ?? "online";
        return {
          type: "setPresence",
          userId,
          status,
          playing: random() < 0.8 ? (pick(random, GAMES) ?? null) : null,
        };
      }
      case "message": {
        const channelId = textChannel(world, random);
        const content = [1, 2, 3].map(() => pick(random, SAYINGS) ?? "").join(" ");
        return channelId === undefined ? undefined : { type: "sendMessage", userId, channelId, content };
      }
      case "typing": {
        const channelId = textChannel(world, random);
        return channelId === undefined ? undefined : { type: "startTyping", userId, channelId };
      }
      case "member":
        return { type: "renameMember", userId, nick: `Name ${Math.floor(random() * 1e6)}` };
      case "reaction": {
        const channelId = textChannel(world, random);
        const messageId = channelId && world.messages.get(channelId)?.at(-1)?.id;
        const emoji = pick(random, EMOJIS);
        // Nothing to react to yet: somebody has to write first.
        if (messageId === undefined) return this.#command(guild, "message");
        if (channelId === undefined || emoji === undefined) return undefined;
        return { type: "react", userId, channelId, messageId, emoji };
      }
      case "voice":
        return voiceCommand(world, userId, random);
    }
  }
}

/** Most changes in voice are microphones; then people come, go and move. */
function voiceCommand(world: World, userId: World["bot"]["id"], random: Random): WorldCommand | undefined {
  const presence = world.voice.get(userId);
  const room = pick(
    random,
    [...world.channels.values()].filter((channel) => isRoom(channel) && !channel.hidden),
  );
  if (room === undefined) return undefined;
  const draw = random();
  if (presence === undefined) return draw < 0.3 ? { type: "join", userId, channelId: room.id } : undefined;
  if (draw < 0.1) return { type: "leave", userId };
  if (draw < 0.25) return { type: "move", userId, channelId: room.id };
  return { type: "setVoiceFlags", userId, selfMute: !presence.selfMute };
}

function textChannel(world: World, random: Random) {
  return pick(
    random,
    [...world.channels.values()].filter(({ kind, hidden }) => kind === "text" && !hidden),
  )?.id;
}

function kindOf(draw: number): Kind {
  let left = draw;
  for (const [kind, share] of MIX) {
    left -= share;
    if (left < 0) return kind;
  }
  return "presence";
}
