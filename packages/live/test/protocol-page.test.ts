/** The figures in docs/protocol.md are the ones in the code. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { AUTH_SUBS_MAX, TOPIC_LENGTH_MAX } from "../src/client-message.ts";
import { AUTH_WITHIN_MS, CLIENT_FRAME_BYTES_MAX, TOPICS_PER_CONNECTION_MAX } from "../src/connection.ts";
import { PROTOCOL_VERSION, SUBPROTOCOL } from "../src/message.ts";
import { MESSAGES_BURST, MESSAGES_PER_SECOND } from "../src/message-budget.ts";
import { RESYNC_ANSWER_MS, RESYNC_LOOP_WINDOW_MS, RESYNCS_WITHOUT_PROGRESS_MAX } from "../src/replica.ts";
import { ENTRIES_PER_PAGE_MAX, PAGE_CHARACTERS_MAX } from "../src/snapshot-pages.ts";
import { BUFFERED_FRAMES_MAX } from "../src/subscription.ts";
import { DELTA_OPS_MAX, RING_AGE_MAX_MS, RING_DELTAS_MAX, RING_OPS_MAX } from "../src/topic-log.ts";
import { PersonFlag } from "../src/voice-rooms.ts";
import { fixture } from "./fixture.ts";

const page = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8");
/** With lines as they come: where they end is the formatter's matter. */
const text = page.replaceAll(/ *\n */g, " ");

const figure = (value: number): string => value.toLocaleString("en");
const seconds = (ms: number): string => `${ms / 1_000} s`;

it.each([
  `sub-protocol \`${SUBPROTOCOL}\``,
  `\`v\` in \`auth\` and \`hi\` is ${PROTOCOL_VERSION};`,
  `the first frame, within ${seconds(AUTH_WITHIN_MS)}`,
  `reaches back ${figure(RING_DELTAS_MAX)} commits, ${figure(RING_OPS_MAX)} ops or ${RING_AGE_MAX_MS / 60_000} minutes, and not over a commit of more than ${DELTA_OPS_MAX} ops`,
  `At most ${ENTRIES_PER_PAGE_MAX} entries, and at most ${figure(PAGE_CHARACTERS_MAX)} characters`,
  `If there is none after ${seconds(RESYNC_ANSWER_MS)}, ask again`,
  `After ${RESYNCS_WITHOUT_PROGRESS_MAX} resyncs within ${seconds(RESYNC_LOOP_WINDOW_MS)}`,
  `\`topic\` has 1 to ${TOPIC_LENGTH_MAX} characters`,
  `\`subs\`? (≤ ${AUTH_SUBS_MAX} of `,
  `${MESSAGES_PER_SECOND} messages a second (${MESSAGES_BURST} at once)`,
])("the page says: %s", (sentence) => {
  expect(text).toContain(sentence);
});

it.each([
  ["a client's frame", `${figure(CLIENT_FRAME_BYTES_MAX)} bytes`],
  ["a client's messages", `${MESSAGES_PER_SECOND} a second, ${MESSAGES_BURST} at once`],
  ["time to `auth`", seconds(AUTH_WITHIN_MS)],
  ["`auth.subs`, topics of one connection", String(TOPICS_PER_CONNECTION_MAX)],
  ["a delta", `${DELTA_OPS_MAX} ops`],
  ["a page of a snapshot", `${ENTRIES_PER_PAGE_MAX} entries, ${figure(PAGE_CHARACTERS_MAX)} characters`],
  ["deltas kept while a topic is being read", String(BUFFERED_FRAMES_MAX)],
])("the page's table of limits has for %s: %s", (what, bound) => {
  const row = page.split("\n").find((line) => line.startsWith(`| ${what} `));
  expect(row?.split("|")[2]?.trim()).toBe(bound);
});

it("the page's worked example is that of the fixtures", () => {
  const example = fixture("digest").maps.find(({ name }) => name === "the example of docs/protocol.md");
  expect(page).toContain(`**${example?.digest}**`);
});

it("the page names the value of every flag", () => {
  const named = /`flags` is a sum:(.*?)- `since`/.exec(text)?.[1] ?? "";
  expect(Array.from(named.matchAll(/\b(\d+) /g), ([, value]) => Number(value))).toEqual(
    Object.values(PersonFlag),
  );
});
