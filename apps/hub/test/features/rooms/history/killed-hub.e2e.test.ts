/** The built hub, killed again and again among joins and leaves: `turbo run build` comes first. */

import { voiceTopic } from "@guildwire/client/rooms";
import type { GuildwireEvent } from "@guildwire/events";
import { afterEach, expect, it } from "vitest";
import type { RoomHistory } from "../../../../src/features/rooms/history/room-history.ts";
import { GUILD, GuildStory } from "../../../guild-story.ts";
import { begin, kill, killAll, type Life, post } from "../../../server/hub-process.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";

afterEach(killAll);

const PEOPLE = 7;
const STEPS = 90;
const KILLS = 5;

/** Everybody in turn comes to a room, moves to the other, and leaves; each step is one delivery. */
function tale(story: GuildStory): {
  readonly deliveries: readonly GuildwireEvent[][];
  readonly lines: readonly string[];
} {
  const rooms = ["1", "2"].flatMap((room) => story.tell({ act: "openRoom", room }));
  const deliveries = [[...rooms, story.snapshot()]];
  const lines: string[] = [];
  for (let step = 0; step < STEPS; step++) {
    const user = String(step % PEOPLE);
    const turn = Math.floor(step / PEOPLE) % 3;
    const told = story.tell(
      turn === 2 ? { act: "leave", user } : { act: "enter", user, room: turn === 0 ? "1" : "2" },
    );
    deliveries.push([...told]);
    lines.push(`${user} ${["joined 1", "moved 1 to 2", "left 2"][turn]}`);
  }
  return { deliveries, lines };
}

async function readHistory(port: number): Promise<RoomHistory> {
  const response = await fetch(`http://127.0.0.1:${port}/api/rt/v1/history/${voiceTopic(GUILD.id)}`);
  expect(response.status).toBe(200);
  return (await response.json()) as RoomHistory;
}

it("tells everybody who came, moved and left once, and none twice, over any number of kills", async () => {
  const dataDir = temporaryDirectory();
  const { deliveries, lines } = tale(new GuildStory("e1", Date.now() - 600_000));
  let life: Life = await begin(dataDir);
  const { port } = life;
  let next = 0;

  async function send(): Promise<void> {
    const events = deliveries[next] ?? [];
    if ((await post(port, { source: GUILD.id, epoch: "e1", events })) === events.at(-1)?.seq) next += 1;
  }

  for (let killed = 1; killed <= KILLS; killed++) {
    const goal = Math.floor((deliveries.length * killed) / (KILLS + 1));
    while (next < goal) await send();
    // One more is under way: it is committed or it is not, and it is sent again either way.
    const underWay = send().catch((cause: unknown) => expect(cause).toBeInstanceOf(TypeError));
    await kill(life);
    await underWay;
    life = await begin(dataDir, port);
  }
  while (next < deliveries.length) await send();

  const { activity, rooms } = await readHistory(port);
  const told = activity.map(
    ({ person, type, room, to }) => `${person.id} ${type} ${room.id}${to ? ` to ${to.id}` : ""}`,
  );
  expect(told.toReversed()).toEqual(lines);
  const most = (id: string) =>
    Math.max(...(rooms.find((room) => room.id === id)?.people ?? []).map((people) => people ?? 0));
  expect([most("1"), most("2")]).toEqual([PEOPLE, PEOPLE]);
  await kill(life);
});
