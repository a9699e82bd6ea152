/**
 * Cuts a stream of bytes into WebSocket frames (RFC 6455 section 5.2). It reads no more than the trials need: single
 * unfragmented frames are understood, others pass through whole.
 */
export interface WebSocketFrame {
  /** As it came, header included. */
  readonly raw: Buffer;
  readonly opcode: number;
  /** Unmasked. */
  readonly payload: Buffer;
}

export const TEXT_OPCODE = 1;
export const CLOSE_OPCODE = 8;

export class FrameSplitter {
  #rest: Buffer = Buffer.alloc(0);

  take(bytes: Buffer): readonly WebSocketFrame[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: WebSocketFrame[] = [];
    for (let frame = frameAtStart(this.#rest); frame !== undefined; frame = frameAtStart(this.#rest)) {
      frames.push(frame);
      this.#rest = this.#rest.subarray(frame.raw.length);
    }
    return frames;
  }
}

function frameAtStart(bytes: Buffer): WebSocketFrame | undefined {
  if (bytes.length < 2) return undefined;
  const masked = (bytes.readUInt8(1) & 0x80) !== 0;
  const shortLength = bytes.readUInt8(1) & 0x7f;
  const lengthBytes = shortLength === 126 ? 2 : shortLength === 127 ? 8 : 0;
  const headerLength = 2 + lengthBytes + (masked ? 4 : 0);
  if (bytes.length < headerLength) return undefined;
  const payloadLength =
    lengthBytes === 0
      ? shortLength
      : lengthBytes === 2
        ? bytes.readUInt16BE(2)
        : Number(bytes.readBigUInt64BE(2));
  const total = headerLength + payloadLength;
  if (bytes.length < total) return undefined;
  const payload = Buffer.from(bytes.subarray(headerLength, total));
  if (masked) {
    const mask = bytes.subarray(headerLength - 4, headerLength);
    for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
  }
  return { raw: bytes.subarray(0, total), opcode: bytes.readUInt8(0) & 0x0f, payload };
}

/** An unmasked frame, as a server sends it. */
export function serverFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([header(opcode, payload.length, 0), payload]);
}

/** A frame as a client sends it; its mask is zero, which masks nothing. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([header(opcode, payload.length, 0x80), Buffer.alloc(4), payload]);
}

function header(opcode: number, length: number, maskBit: number): Buffer {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.from([first, maskBit | length]);
  const bytes = Buffer.alloc(length < 65_536 ? 4 : 10);
  bytes.writeUInt8(first, 0);
  bytes.writeUInt8(maskBit | (length < 65_536 ? 126 : 127), 1);
  if (length < 65_536) bytes.writeUInt16BE(length, 2);
  else bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes;
}

export function closeFrame(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return serverFrame(CLOSE_OPCODE, payload);
}
