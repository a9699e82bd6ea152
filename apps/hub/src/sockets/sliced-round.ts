/**
 * Rounds over many members, in slices: a write to a socket costs some microseconds, and ten thousand of them at once
 * would hold up everything else of this process for 60 ms. Between two slices others have their turn.
 *
 * Rules:
 *   R1  Rounds follow each other: one begins when the one before has reached its last member.
 *   R2  A round of less than a slice is done at once, so a small audience waits for nothing. A longer one begins in a coming
 *       turn: what led to it, a commit mostly, has had a share of this one.
 *   R3  A member is visited once in a round, if it is there when its turn comes; who comes later is visited too, and is
 *       told apart by whoever visits.
 *   R4  A slice has `sliceMembers` members, or as many as `SLICE_MS_MAX` allows.
 */
export const SLICE_MEMBERS = 500;
/** On a slow or a busy machine a write costs three times as much. */
const SLICE_MS_MAX = 2;
/** Between two looks at the clock. */
const LOOK_EVERY_MEMBERS = 50;

export interface SlicedRounds<Member> {
  start(visit: (member: Member) => void): void;
  isBusy(): boolean;
  /** What is left of the rounds is not done. */
  close(): void;
}

export interface SlicedRoundsParts<Member> {
  /** A Map or a Set: iterated while it changes. */
  readonly members: { readonly size: number; values(): Iterator<Member> };
  /** Default `SLICE_MEMBERS`. */
  readonly sliceMembers?: number;
  /** Runs a task in a coming turn of the event loop. */
  readonly soon: (task: () => void) => () => void;
  readonly nowMs: () => number;
  /** The last round is done, and no other waits. */
  readonly onIdle: () => void;
}

export function createSlicedRounds<Member>(parts: SlicedRoundsParts<Member>): SlicedRounds<Member> {
  const { members, sliceMembers = SLICE_MEMBERS, soon, nowMs, onIdle } = parts;
  const waiting: ((member: Member) => void)[] = [];
  let round: { readonly iterator: Iterator<Member>; readonly visit: (member: Member) => void } | undefined;
  let cancelNext: (() => void) | undefined;

  function nextSlice(): void {
    cancelNext = undefined;
    let left = sliceMembers;
    const untilMs = nowMs() + SLICE_MS_MAX;
    while (round !== undefined) {
      if (left === 0 || (left % LOOK_EVERY_MEMBERS === 0 && nowMs() >= untilMs)) {
        cancelNext = soon(nextSlice);
        return;
      }
      const { value, done } = round.iterator.next();
      if (done === true) {
        round = nextRound();
        continue;
      }
      left -= 1;
      round.visit(value);
    }
    onIdle();
  }

  function nextRound(): typeof round {
    const visit = waiting.shift();
    return visit && { iterator: members.values(), visit };
  }

  return {
    start(visit) {
      waiting.push(visit);
      if (round !== undefined) return;
      round = nextRound();
      if (members.size < sliceMembers) nextSlice();
      else cancelNext = soon(nextSlice);
    },
    isBusy: () => round !== undefined,
    close() {
      cancelNext?.();
      waiting.length = 0;
      round = undefined;
    },
  };
}
