import { expect, it } from "vitest";
import { devHubEndpoint } from "../src/stack.ts";

const PORTS = { hub: 41_003, worker: 41_001, sim: 41_004 };
const OWN = "http://localhost:41003/api/internal/events";

it.each([
  undefined,
  "",
  "http://localhost:3000/api/internal/events",
  "http://127.0.0.1:3000/api/internal/events",
  "http://[::1]:3000/api/internal/events",
])("`dev` sends deliveries to the hub it has started when HUB_ENDPOINT is %j", (configured) => {
  expect(devHubEndpoint(configured, PORTS).replace("127.0.0.1", "localhost")).toBe(OWN);
});

it.each([
  "https://club.example/api/internal/events",
  "http://localhost:3000/my-events",
  "http://localhost:4000/api/internal/events",
  "nonsense",
])("`dev` leaves HUB_ENDPOINT alone when it is %j", (configured) => {
  expect(devHubEndpoint(configured, PORTS)).toBe(configured);
});
