import { expect, it } from "vitest";
import { onVoiceChanges, voiceRoomsStore } from "../../src/index.ts";
import { settled } from "../virtual-clock.ts";
import { ENTRIES, GUILD, person, VoiceRoomsHub } from "../voice-rooms-hub.ts";

it("gives all who ask for the same rooms one store, and others theirs", () => {
  const { client } = new VoiceRoomsHub();
  const store = voiceRoomsStore(client, GUILD);
  expect(voiceRoomsStore(client, GUILD)).toBe(store);
  expect(voiceRoomsStore(client, GUILD, { view: "public" })).toBe(store);
  expect(voiceRoomsStore(client, GUILD, { view: "members" })).not.toBe(store);
  expect(voiceRoomsStore(client, "2")).not.toBe(store);
  expect(voiceRoomsStore(new VoiceRoomsHub().client, GUILD)).not.toBe(store);
});

it("is the same object until something changed, and keeps the parts that did not", async () => {
  const desk = new VoiceRoomsHub();
  const store = voiceRoomsStore(desk.client, GUILD);
  store.subscribe(() => undefined);
  await settled();
  const before = store.getSnapshot();
  expect(store.getSnapshot()).toBe(before);
  expect(before.sync.name).toBe("following");
  await desk.change(["s", "u:41", person("7", { flags: 1 })]);
  const after = store.getSnapshot();
  expect(after).not.toBe(before);
  expect(after.rooms.rooms.get("7")).not.toBe(before.rooms.rooms.get("7"));
  expect(after.rooms.rooms.get("8")).toBe(before.rooms.rooms.get("8"));
});

it("says how old its newest change is", async () => {
  const desk = new VoiceRoomsHub();
  const store = voiceRoomsStore(desk.client, GUILD);
  store.subscribe(() => undefined);
  await settled();
  expect(store.getSnapshot()).toMatchObject({ latencyMs: null, changedAtMs: null });
  await desk.change(["s", "u:41", person("8")]);
  expect(store.getSnapshot()).toMatchObject({ latencyMs: 100, changedAtMs: 999_900 });
});

it("shows what came with the page before anything is connected", () => {
  const { client, hub } = new VoiceRoomsHub();
  const initial = { epoch: "e1", offset: 1, entries: ENTRIES };
  const store = voiceRoomsStore(client, GUILD, { initial });
  expect(store.getInitialSnapshot().rooms.people.size).toBe(2);
  expect(store.getSnapshot().rooms.people.size).toBe(2);
  expect(hub.sockets).toEqual([]);
});

it("calls for who comes, goes, moves and changes, and not for who is there at first", async () => {
  const desk = new VoiceRoomsHub();
  const called: string[] = [];
  const stop = onVoiceChanges(voiceRoomsStore(desk.client, GUILD), {
    onJoin: ({ person: who, room }) => called.push(`${who.name} joined ${room.name}`),
    onLeave: ({ person: who, room }) => called.push(`${who.name} left ${room.name}`),
    onMove: ({ person: who, from, to }) => called.push(`${who.name} moved ${from.name} ${to.name}`),
    onUpdate: ({ person: who, before }) => called.push(`${who.name} ${before.selfMute} ${who.selfMute}`),
  });
  await settled();
  expect(called).toEqual([]);
  await desk.change(["s", "u:43", person("7", { name: "Cy" })]);
  await desk.change(["s", "u:41", person("8")]);
  await desk.change(["s", "u:42", person("8", { name: "Bob", flags: 1 })]);
  await desk.change(["d", "u:43"]);
  expect(called).toEqual(["Cy joined Lounge", "Ann moved Lounge Music", "Bob false true", "Cy left Lounge"]);
  stop();
  await desk.change(["d", "u:41"]);
  expect(called).toHaveLength(4);
});

it("tells after a reconnection only what really became different", async () => {
  const desk = new VoiceRoomsHub();
  const called: string[] = [];
  onVoiceChanges(voiceRoomsStore(desk.client, GUILD), {
    onJoin: ({ person: who }) => called.push(`joined ${who.name}`),
    onLeave: ({ person: who }) => called.push(`left ${who.name}`),
  });
  await settled();
  await desk.change(["s", "u:43", person("7", { name: "Cy" })]);
  desk.hub.last.drop();
  // The snapshot that comes back knows nothing of Cy.
  desk.client.retry();
  await settled();
  expect(called).toEqual(["joined Cy"]);
});

it("lets a page that nobody looks at rest, when it wishes so, and is back at once", async () => {
  const desk = new VoiceRoomsHub({ disconnectHiddenAfterMs: 60_000 });
  voiceRoomsStore(desk.client, GUILD).subscribe(() => undefined);
  await settled();
  desk.signal("becameHidden");
  for (let passed = 0; passed < 59_000; passed += 20_000) {
    desk.hub.last.say({ t: "ping" });
    await desk.clock.advance(19_000);
  }
  expect(desk.hub.open).toHaveLength(1);
  await desk.clock.advance(20_000);
  expect(desk.hub.open).toHaveLength(0);
  expect(desk.client.status.getSnapshot()).toEqual({ name: "idle" });
  await desk.clock.advance(3_600_000);
  expect(desk.hub.sockets).toHaveLength(1);
  desk.signal("becameVisible");
  await settled();
  expect(desk.client.status.getSnapshot().name).toBe("live");
  expect(desk.hub.last.received[0]).toMatchObject({ t: "auth", subs: [{ o: 1 }] });
});

it("stays connected while hidden unless it wishes otherwise, and when it is looked at in between", async () => {
  for (const options of [{}, { disconnectHiddenAfterMs: 60_000 }]) {
    const desk = new VoiceRoomsHub(options);
    voiceRoomsStore(desk.client, GUILD).subscribe(() => undefined);
    await settled();
    desk.signal("becameHidden");
    await desk.clock.advance(10_000);
    if ("disconnectHiddenAfterMs" in options) desk.signal("becameVisible");
    for (let minute = 0; minute < 10; minute++) {
      desk.hub.last.say({ t: "ping" });
      await desk.clock.advance(20_000);
    }
    expect(desk.hub.sockets).toHaveLength(1);
    expect(desk.hub.open).toHaveLength(1);
  }
});

it("comes back when the page asks although nobody looks, and rests again after as long", async () => {
  const desk = new VoiceRoomsHub({ disconnectHiddenAfterMs: 20_000 });
  voiceRoomsStore(desk.client, GUILD).subscribe(() => undefined);
  await settled();
  desk.signal("becameHidden");
  await desk.clock.advance(20_000);
  expect(desk.hub.open).toHaveLength(0);
  desk.client.retry();
  await settled();
  expect(desk.client.status.getSnapshot().name).toBe("live");
  await desk.clock.advance(20_000);
  expect(desk.hub.open).toHaveLength(0);
  expect(desk.hub.sockets).toHaveLength(2);
});
