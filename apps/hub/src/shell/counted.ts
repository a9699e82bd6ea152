/** `1 person`, `2 people`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${nounOf(count, one, many)}`;
}

/** The noun alone, where the number stands in markup of its own. */
export function nounOf(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
