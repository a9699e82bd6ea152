// @vitest-environment happy-dom
import { act, type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sharedHubClient } from "../src/index.ts";
import {
  HubProvider,
  useHubClient,
  useHubStatus,
  useMember,
  useRoom,
  useVoiceChanges,
  useVoiceRooms,
} from "../src/react/index.ts";
import { ENTRIES, GUILD, person, VoiceRoomsHub } from "./voice-rooms-hub.ts";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

function Room({ id, onRender }: { readonly id: string; readonly onRender: () => void }) {
  onRender();
  const room = useRoom(id);
  return <p>{`${room?.name}: ${room?.peopleCount}`}</p>;
}

function Ann({ onRender }: { readonly onRender: () => void }) {
  onRender();
  return <p>{useMember("41")?.selfMute === true ? "Ann is muted" : "Ann can be heard"}</p>;
}

function Count() {
  return <i>{useVoiceRooms().rooms.people.size}</i>;
}

function Status() {
  return <b>{useHubStatus().name}</b>;
}

function Names() {
  return <p>{[...useVoiceRooms().rooms.people.values()].map(({ name }) => name).join()}</p>;
}

function Listener({ onJoin }: { readonly onJoin: (name: string) => void }) {
  useVoiceChanges({ onJoin: ({ person: who }) => onJoin(who.name) });
  return null;
}

function Keep({ onClient }: { readonly onClient: (client: unknown) => void }) {
  onClient(useHubClient());
  return null;
}

let desk: VoiceRoomsHub;
let place: HTMLElement;
let unmount: () => void;

beforeEach(() => {
  desk = new VoiceRoomsHub();
  place = document.createElement("div");
});
afterEach(() => act(() => unmount()));

async function render(children: ReactNode): Promise<void> {
  const root = createRoot(place);
  unmount = () => root.unmount();
  await act(async () =>
    root.render(
      <StrictMode>
        <HubProvider guildId={GUILD} hub={desk.client}>
          {children}
        </HubProvider>
      </StrictMode>,
    ),
  );
}

it("shows rooms, and renders only what a change is about", async () => {
  const renders = { lounge: 0, music: 0, ann: 0 };
  await render([
    <Room id="7" key="7" onRender={() => renders.lounge++} />,
    <Room id="8" key="8" onRender={() => renders.music++} />,
    <Ann key="41" onRender={() => renders.ann++} />,
  ]);
  expect(place.textContent).toBe("Lounge: 1Music: 1Ann can be heard");

  const before = { ...renders };
  await act(() => desk.change(["s", "u:42", person("8", { name: "Bob", flags: 2 })]));
  expect(renders.lounge).toBe(before.lounge);
  expect(renders.ann).toBe(before.ann);
  expect(renders.music).toBeGreaterThan(before.music);

  await act(() => desk.change(["s", "u:41", person("8", { flags: 1 })]));
  expect(place.textContent).toBe("Lounge: 0Music: 2Ann is muted");
});

it("has one socket and one subscription, however many hooks there are", async () => {
  await render([<Count key="1" />, <Count key="2" />, <Status key="3" />]);
  expect(place.textContent).toBe("22live");
  expect(desk.hub.open).toHaveLength(1);
  expect(desk.hub.last.received.map(({ t }) => t)).toEqual(["auth"]);
});

it("calls the latest handler for a change", async () => {
  const heard: string[] = [];
  await render(<Listener onJoin={(name) => heard.push(`hello ${name}`)} />);
  await act(() => desk.change(["s", "u:43", person("7", { name: "Cy" })]));
  expect(heard).toEqual(["hello Cy"]);
});

it("renders on a server what came with the page, and connects nothing", () => {
  unmount = () => undefined;
  const initial = { epoch: "e1", offset: 1, entries: ENTRIES };
  const html = renderToString(
    <HubProvider guildId={GUILD} hub={desk.client} initial={initial}>
      <Names />
    </HubProvider>,
  );
  expect(html).toBe("<p>Ann,Bob</p>");
  expect(desk.hub.sockets).toEqual([]);
});

it("shares a page's connection among the providers of one URL", async () => {
  const clients = new Set<unknown>();
  await render([
    <HubProvider hub="/shared" key="1">
      <Keep onClient={(client) => clients.add(client)} />
    </HubProvider>,
    <HubProvider hub="/shared" key="2">
      <Keep onClient={(client) => clients.add(client)} />
    </HubProvider>,
  ]);
  expect([...clients]).toEqual([sharedHubClient("/shared")]);
  const ticket = async (): Promise<string> => "a ticket";
  expect(sharedHubClient("/shared", ticket)).toBe(sharedHubClient("/shared", ticket));
  expect(sharedHubClient("/shared", ticket)).not.toBe(sharedHubClient("/shared"));
});

it("says what is missing when a hook has no provider, or no guild", () => {
  unmount = () => undefined;
  expect(() => renderToString(<Count />)).toThrow("outside of a <HubProvider>");
  expect(() =>
    renderToString(
      <HubProvider hub={desk.client}>
        <Count />
      </HubProvider>,
    ),
  ).toThrow("give the hook a guildId, or the <HubProvider> above it");
});
