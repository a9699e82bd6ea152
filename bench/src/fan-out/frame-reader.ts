/**
 * WebSocket frames of one server, by their lengths alone: what a payload says is not looked at, so that ten thousand
 * sockets can be listened to by one process. Pure.
 */

/** A header without a mask: two bytes, and up to eight of length. */
const HEADER_BYTES_MAX = 10;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

export interface FrameHead {
  /** 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  readonly opcode: number;
  readonly payloadBytes: number;
}

export class FrameReader {
  /** What has come of a header that is not whole yet. */
  readonly #head = Buffer.alloc(HEADER_BYTES_MAX);
  #headBytes = 0;
  #payloadLeft = 0;

  /** Tells of each frame whose header ends in this chunk; `at` is where its payload begins in the chunk. */
  read(chunk: Buffer, onFrame: (frame: FrameHead, at: number) => void): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= taken;
        at += taken;
        continue;
      }
      this.#head[this.#headBytes] = chunk[at] ?? 0;
      this.#headBytes += 1;
      at += 1;
      const payloadBytes = this.#payloadBytes();
      if (payloadBytes === undefined) continue;
      const opcode = (this.#head[0] ?? 0) & 0x0f;
      this.#headBytes = 0;
      this.#payloadLeft = payloadBytes;
      onFrame({ opcode, payloadBytes }, at);
    }
  }

  /** `undefined` until the header is whole. */
  #payloadBytes(): number | undefined {
    if (this.#headBytes < 2) return undefined;
    const short = (this.#head[1] ?? 0) & 0x7f;
    if (short < LENGTH_IN_2_BYTES) return short;
    if (short === LENGTH_IN_2_BYTES) return this.#headBytes < 4 ? undefined : this.#head.readUInt16BE(2);
    if (short !== LENGTH_IN_8_BYTES || this.#headBytes < HEADER_BYTES_MAX) return undefined;
    return Number(this.#head.readBigUInt64BE(2));
  }
}

/** A client's frame: masked with zeros, which is a mask as good as any on loopback. */
export function clientFrame(opcode: number, payload: string): Buffer {
  const body = Buffer.from(payload);
  const length =
    body.length < LENGTH_IN_2_BYTES
      ? [0x80 | body.length]
      : [0x80 | LENGTH_IN_2_BYTES, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...length, 0, 0, 0, 0]), body]);
}
