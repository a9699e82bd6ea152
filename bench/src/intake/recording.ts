/**
 * A recording: all that the stand-in for Discord will send on one connection, as the bytes of WebSocket frames in a
 * file, made once and played to every subject. Compressed ones are one context from Hello to the last frame, so they
 * can only be played whole and in order. Three parts:
 *
 *   greeting   Hello
 *   arrival    READY, the guilds, and a request for a Heartbeat: its answer says that all of it was read
 *   burst      the frames that are counted
 *   questions  more requests, to be sent one by one when somebody wants to know what a client claims
 *
 * Heartbeats are far apart, so that none needs an answer between the frames.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { compressor, type Transport } from "./sync-zlib.ts";
import type { Told, TrafficSource } from "./traffic.ts";
import { serverFrame } from "./websocket-frame.ts";

export interface Recording {
  readonly file: string;
  readonly transport: Transport;
  /** Where each part ends in the file; the first begins at 0. */
  readonly ends: { readonly greeting: number; readonly arrival: number; readonly burst: number };
  readonly questionEnds: readonly number[];
  readonly frames: number;
  /** Sequence of the last frame of the arrival. */
  readonly arrivalSeq: number;
  /** Sequence of the last frame of the burst. */
  readonly lastSeq: number;
  /** Of the burst before compression, without the frames' headers. */
  readonly plainBytes: number;
}

export interface RecordingOptions {
  readonly file: string;
  readonly transport: Transport;
  readonly traffic: TrafficSource;
  readonly frames: number;
  /** Where the recording will be played; it stands in READY as the address to resume at. */
  readonly gatewayUrl: string;
}

/** No client sends a beat within a trial: the first comes after a random part of this. */
const HEARTBEAT_INTERVAL_MS = 20 * 60_000;
const HELLO = {
  t: null,
  s: null,
  op: 10,
  d: { heartbeat_interval: HEARTBEAT_INTERVAL_MS, _trace: ["bench"] },
};
const HEARTBEAT_REQUEST = { t: null, s: null, op: 1, d: null };

const QUESTIONS = 40;

const WRITE_BYTES = 4 * 1024 * 1024;

export function record({ file, transport, traffic, frames, gatewayUrl }: RecordingOptions): Recording {
  const encode = transport === "none" ? undefined : compressor(transport);
  const writer = new FileWriter(file);
  let seq = 0;
  let plainBytes = 0;

  function put(payload: object): void {
    const plain = Buffer.from(JSON.stringify(payload));
    plainBytes += plain.length;
    writer.put(serverFrame(encode === undefined ? plain : encode(plain), encode !== undefined));
  }
  // Discord's order of keys.
  const tell = ({ t, d }: Told): void => put({ t, s: ++seq, op: 0, d });

  try {
    put(HELLO);
    const greeting = writer.length;
    tell(traffic.ready(gatewayUrl));
    for (const guild of traffic.guilds()) tell(guild);
    put(HEARTBEAT_REQUEST);
    const arrival = writer.length;
    const arrivalSeq = seq;
    plainBytes = 0;
    for (const told of traffic.burst(frames)) tell(told);
    const burstBytes = plainBytes;
    const ends = { greeting, arrival, burst: writer.length };
    const questionEnds = Array.from({ length: QUESTIONS }, () => {
      put(HEARTBEAT_REQUEST);
      return writer.length;
    });
    return { file, transport, ends, questionEnds, frames, arrivalSeq, lastSeq: seq, plainBytes: burstBytes };
  } finally {
    writer.close();
  }
}

class FileWriter {
  readonly #file: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #written = 0;

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  get length(): number {
    return this.#written + this.#waitingBytes;
  }

  put(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= WRITE_BYTES) this.#flush();
  }

  #flush(): void {
    writeSync(this.#file, Buffer.concat(this.#waiting));
    this.#written += this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }
}
