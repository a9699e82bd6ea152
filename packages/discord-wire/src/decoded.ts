/**
 * The outcome of reading something Discord sent. Malformed input is Discord's fault or the network's, never a bug
 * here, so it is a value: nothing in this package throws on bad input.
 */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

export function decoded<T>(value: T): Decoded<T> {
  return { ok: true, value };
}

/** `problem` names the field and what was wrong with it; it must not quote content. */
export function malformed(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
