/**
 * A server with more than 5,000 people in voice, whose snapshot no single delivery can carry: simulator, worker and hub
 * as real processes, `turbo run build` comes first.
 */

import { simCredentials } from "@guildwire/demo";
import { expect, it } from "vitest";
import { type Places, RunningStack } from "./running-stack.ts";

const PEOPLE = 10_400;

interface Topic {
  readonly e: string;
  readonly o: number;
  readonly state: readonly (readonly [
    key: string,
    value: { readonly room?: string; readonly source?: { readonly status: string } },
  ])[];
}

const json = async (url: string): Promise<unknown> => {
  const response = await fetch(url);
  return response.status === 200 ? await response.json() : undefined;
};

async function untilSame(stack: RunningStack, wanted: Places): Promise<void> {
  const guildId = simCredentials(stack.ports)["PRIMARY_GUILD_ID"];
  const url = `${stack.pageUrl}api/rt/v1/topics/voice/${guildId}/public`;
  for (;;) {
    const topic = (await json(url)) as Topic | undefined;
    if (topic !== undefined && isLive(topic) && same(placesIn(topic), wanted)) return;
    // Until the next change, or again after a while.
    if (topic === undefined) await new Promise(setImmediate);
    else await fetch(`${url}?since=${topic.e}:${topic.o}&wait=5`);
  }
}

const isLive = ({ state }: Topic): boolean =>
  state.find(([key]) => key === "m")?.[1].source?.status === "live";

function placesIn({ state }: Topic): Places {
  const places: Record<string, string[]> = {};
  for (const [key] of state) if (key.startsWith("r:")) places[key.slice(2)] = [];
  for (const [key, { room = "" }] of state) if (key.startsWith("u:")) places[room]?.push(key.slice(2));
  return places;
}

function same(shown: Places, wanted: Places): boolean {
  const occupied = (places: Places) =>
    Object.entries(places)
      .filter(([, people]) => people.length > 0)
      .map(([id, people]) => `${id} ${people.toSorted().join()}`)
      .toSorted();
  return occupied(shown).join("\n") === occupied(wanted).join("\n");
}

async function partsTaken(stack: RunningStack): Promise<number> {
  const text = await (await fetch(`${stack.pageUrl}api/metrics`)).text();
  return Number(/guildwire_hub_events_total\{type="snapshot\.part"\} (\d+)/.exec(text)?.[1] ?? 0);
}

it("is shown whole, also after the session is lost and the hub is killed meanwhile", async () => {
  await using stack = await RunningStack.start({ people: PEOPLE, rooms: 60, rate: 20 });
  await stack.pause();
  const before = await stack.places();
  expect(Object.values(before).flat().length).toBeGreaterThan(5_000);
  await untilSame(stack, before);
  expect(await partsTaken(stack)).toBeGreaterThan(5);

  // The simulator forgets its sessions: another snapshot follows, of another moment.
  await Promise.all([stack.killAndAwait("sim"), stack.killAndAwait("hub")]);
  await stack.pause();
  await untilSame(stack, await stack.places());
});
