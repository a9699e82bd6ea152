/** A browser's replica against a real hub: it is cut off and comes back at random moments, and always ends up the same. */

import { voiceTopic } from "@guildwire/client/rooms";
import {
  detached,
  type Entry,
  emptyReplica,
  type Replica,
  receive,
  type ServerMessage,
  type TopicMessage,
} from "@guildwire/live";
import fc from "fast-check";
import { expect, it } from "vitest";
import { TICK_MS } from "../../src/sockets/browser-sockets.ts";
import { WINDOW_MS } from "../../src/sockets/topic-feed.ts";
import { GUILD, GuildStory, type StoryStep } from "../guild-story.ts";
import { startHub, type TestBrowser } from "../hub-at-work.ts";

const TOPIC = voiceTopic(GUILD.id);

type Move = StoryStep | { readonly act: "cutOff" } | { readonly act: "comeBack" } | { readonly act: "wait" };

const room = fc.constantFrom("1", "2", "3");
const user = fc.constantFrom("7", "8", "9");
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constant("enter" as const), user, room }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("leave" as const), user }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("openRoom" as const), room }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant("closeRoom" as const), room, peopleFirst: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.constant({ act: "cutOff" as const }) },
  { weight: 2, arbitrary: fc.constant({ act: "comeBack" as const }) },
  { weight: 2, arbitrary: fc.constant({ act: "wait" as const }) },
);

const isOfTopic = (message: ServerMessage): message is TopicMessage =>
  message.t === "subd" || message.t === "snap" || message.t === "d" || message.t === "tick";

async function comeBack(browser: TestBrowser, { position }: Replica): Promise<void> {
  const place = position === null ? {} : { e: position.epoch, o: position.offset };
  await browser.auth([{ topic: TOPIC, ...place }]);
}

it("ends with the hub's entries, whatever happens and whenever it is cut off", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 25 }), async (moves) => {
      await using work = await startHub();
      const story = new GuildStory();
      await work.deliver([story.snapshot()]);
      let replica = emptyReplica(TOPIC);
      let browser: TestBrowser | undefined;

      /** Takes all that is on its way: the answer to a later message comes after it. */
      async function takeAll(from: TestBrowser): Promise<void> {
        from.say({ t: "sub", id: 9, topic: "unknown" });
        for (let message = await from.next(); message.t !== "err"; message = await from.next()) {
          if (!isOfTopic(message)) continue;
          const next = receive(replica, message, work.clock.wallMs());
          expect(next.effects).toEqual([]);
          replica = next.replica;
        }
      }

      async function reconnect(): Promise<TestBrowser> {
        if (browser !== undefined) return browser;
        browser = await work.browser();
        await comeBack(browser, replica);
        await takeAll(browser);
        return browser;
      }

      for (const one of moves) {
        if (one.act === "cutOff") {
          browser?.socket.terminate();
          browser = undefined;
          replica = detached(replica);
        } else if (one.act === "comeBack") await reconnect();
        else if (one.act === "wait") work.clock.advance(WINDOW_MS);
        else {
          const events = story.tell(one);
          if (events.length > 0) await work.deliver(events);
        }
      }
      const last = await reconnect();
      // A tick, whose digest must agree, and the source's silence, which is a change of its own.
      work.clock.advance(TICK_MS);
      await work.request("/api/live");
      work.clock.advance(WINDOW_MS);
      await takeAll(last);
      const wanted = await work.hub.readVoiceSnapshot();
      const byKey = (entries: Iterable<Entry>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(byKey(replica.held.map.values())).toEqual(byKey(wanted.entries));
      expect(replica.position).toEqual(wanted.position);
      last.socket.terminate();
    }),
    { numRuns: 40 },
  );
}, 60_000);
