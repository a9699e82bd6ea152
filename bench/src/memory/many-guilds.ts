/**
 * Any number of large guilds: ours, and copies of one other, in which every id is another one. Made text by text, so
 * that a thousand guilds of a thousand people are never all in memory here.
 */
import type { Told, TrafficSource } from "../intake/traffic.ts";
import { OUR_GUILD_ID, Traffic } from "../intake/traffic.ts";

export interface ManyGuildsOptions {
  /** Ours is one of them. */
  readonly guilds: number;
  /** Of each. */
  readonly people: number;
}

const ROOMS = 12;
const OURS_SHARE = 0.01;
/** Ids of one guild are far more than this apart, so that no two copies share one. */
const SHIFT = 4_096n;
const ID = /"(\d{17,19})"/g;

export class ManyGuilds implements TrafficSource {
  readonly #guilds: number;
  readonly #traffic: Traffic;
  readonly #botId: string;
  readonly #templateId: string;

  constructor({ guilds, people }: ManyGuildsOptions) {
    this.#guilds = guilds;
    this.#traffic = new Traffic({
      guilds: Math.min(2, guilds),
      people,
      rooms: ROOMS,
      oursShare: guilds === 1 ? 1 : OURS_SHARE,
      mix: "life",
    });
    this.#botId = this.#traffic.botId;
    this.#templateId = this.#traffic.guildIds.at(-1) ?? OUR_GUILD_ID;
  }

  ready(resumeUrl: string): Told {
    const { t, d } = this.#traffic.ready(resumeUrl);
    const copies = Array.from({ length: this.#guilds - 1 }, (_, copy) => shiftedId(this.#templateId, copy));
    const guilds = [OUR_GUILD_ID, ...copies].map((id) => ({ id, unavailable: true }));
    return { t, d: { ...(d as object), guilds } };
  }

  *guilds(): Generator<Told> {
    const [ours, template] = [...this.#traffic.guilds()];
    if (ours !== undefined) yield ours;
    if (template === undefined) return;
    const text = JSON.stringify(template);
    for (let copy = 0; copy < this.#guilds - 1; copy += 1)
      yield JSON.parse(this.#shifted(text, copy)) as Told;
  }

  /** Each frame of the other guild goes to the next of its copies. */
  *burst(count: number): Generator<Told> {
    let copy = 0;
    for (const told of this.#traffic.burst(count)) {
      const text = JSON.stringify(told);
      if (text.includes(OUR_GUILD_ID)) {
        yield told;
        continue;
      }
      yield JSON.parse(this.#shifted(text, copy)) as Told;
      copy = (copy + 1) % (this.#guilds - 1);
    }
  }

  /** The bot is one and the same in all. */
  #shifted(text: string, copy: number): string {
    return text.replace(ID, (quoted, id: string) =>
      id === this.#botId ? quoted : `"${shiftedId(id, copy)}"`,
    );
  }
}

function shiftedId(id: string, copy: number): string {
  return String(BigInt(id) + SHIFT * BigInt(copy));
}
