/**
 * Where someone stands in a topic's log. `epoch` is one life of the log; `offset` grows within it and need not be
 * dense. Offsets of different epochs cannot be compared.
 */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}
