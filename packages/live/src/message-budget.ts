/** How many messages a browser may send: a bucket of `BURST` that refills at `PER_SECOND`. */
export const MESSAGES_PER_SECOND = 5;
export const MESSAGES_BURST = 20;

export interface MessageBudget {
  /** Messages that may be sent at `atMs`; fractions are on their way to the next. */
  readonly left: number;
  readonly atMs: number;
}

export function fullBudget(atMs: number): MessageBudget {
  return { left: MESSAGES_BURST, atMs };
}

/** The budget after one message, or `undefined` when there was none left. A clock that goes back refills nothing. */
export function spendMessage(budget: MessageBudget, atMs: number): MessageBudget | undefined {
  const refill = (Math.max(0, atMs - budget.atMs) / 1_000) * MESSAGES_PER_SECOND;
  const left = Math.min(MESSAGES_BURST, budget.left + refill);
  return left < 1 ? undefined : { left: left - 1, atMs };
}
