import { expect, it } from "vitest";
import {
  fullBudget,
  MESSAGES_BURST,
  MESSAGES_PER_SECOND,
  type MessageBudget,
  spendMessage,
} from "../src/message-budget.ts";

function spent(budget: MessageBudget, atMs: number, times: number): MessageBudget | undefined {
  let left: MessageBudget | undefined = budget;
  for (let time = 0; time < times && left !== undefined; time++) left = spendMessage(left, atMs);
  return left;
}

it("allows a burst and no more", () => {
  expect(spent(fullBudget(0), 0, MESSAGES_BURST)).toEqual({ left: 0, atMs: 0 });
  expect(spent(fullBudget(0), 0, MESSAGES_BURST + 1)).toBeUndefined();
});

it("refills at its rate, up to the burst", () => {
  const empty: MessageBudget = { left: 0, atMs: 0 };
  expect(spent(empty, 1_000, MESSAGES_PER_SECOND)).toBeDefined();
  expect(spent(empty, 1_000, MESSAGES_PER_SECOND + 1)).toBeUndefined();
  expect(spent(empty, 3_600_000, MESSAGES_BURST + 1)).toBeUndefined();
});

it("refills nothing when the clock goes back", () => {
  expect(spendMessage({ left: 0.5, atMs: 10_000 }, 1_000)).toBeUndefined();
});
