import { GatewayOpcode } from "@guildwire/discord-wire";
import { type Random, seededRandom } from "@guildwire/runtime/random";
import { describe, expect, it } from "vitest";
import { integerBelow } from "../integer-below.ts";
import { Scenario } from "./scenario.ts";

/**
 * A client that loses connections at random moments, with any number of frames still under way, and always resumes.
 * However it goes, it must end up with every event exactly once and in order.
 */
class LossyClient {
  readonly events: string[] = [];
  readonly #gateway: Scenario;
  readonly #random: Random;
  readonly #sessionId: string;
  #connection: number;
  #read = 0;
  #sequence = 0;

  constructor(gateway: Scenario, random: Random) {
    this.#gateway = gateway;
    this.#random = random;
    this.#connection = gateway.live();
    this.#sessionId = gateway.sessionId(this.#connection);
    this.readAll();
  }

  readAll(): void {
    this.#readUpTo(this.#gateway.frames(this.#connection).length);
  }

  loseConnection(): void {
    const unread = this.#gateway.frames(this.#connection).length - this.#read;
    this.#readUpTo(this.#read + integerBelow(this.#random, unread + 1));
    if (this.#random() < 0.3) this.#gateway.act({ type: "drop" });
    else if (this.#random() < 0.8) this.#gateway.closedByClient(this.#connection, 1006);
    // Otherwise the Gateway has not noticed yet, and the session is taken from the dead connection.
  }

  resume(): void {
    this.#connection = this.#gateway.open("resume");
    this.#read = 0;
    this.#gateway.resume(this.#connection, this.#sessionId, this.#sequence);
  }

  #readUpTo(count: number): void {
    for (const frame of this.#gateway.frames(this.#connection).slice(this.#read, count)) {
      if (frame.op !== GatewayOpcode.Dispatch || frame.s === null || frame.s <= this.#sequence) continue;
      this.#sequence = frame.s;
      if (frame.t === "GUILD_UPDATE") this.events.push(String((frame.d as { name: string }).name));
    }
    this.#read = count;
  }
}

describe("a client that loses its connection at any moment and resumes", () => {
  it.each(Array.from({ length: 30 }, (_, index) => index + 1))("gets each event once (seed %i)", (seed) => {
    const random = seededRandom(seed, "lossy");
    const gateway = new Scenario();
    const client = new LossyClient(gateway, random);
    const said: string[] = [];
    for (let turn = 0; turn < 200; turn += 1) {
      for (let count = integerBelow(random, 4); count > 0; count -= 1) {
        const name = `name ${said.length}`;
        said.push(name);
        gateway.command({ type: "renameGuild", name });
      }
      if (random() < 0.2) gateway.act({ type: "duplicateDispatch" });
      if (random() < 0.3) client.readAll();
      if (random() < 0.3) {
        client.loseConnection();
        gateway.pass(integerBelow(random, 2000));
        client.resume();
      }
    }
    client.readAll();
    expect(client.events).toEqual(said);
    expect(gateway.state.stats).toMatchObject({ identifies: 1, resumesRefused: 0 });
  });
});
