/**
 * A text message as the bytes of a WebSocket frame from a server, made once for all who get it. Written as they are, they
 * cost a socket one write of one piece; `ws` makes a header for each socket, and writes two.
 *
 *   byte 0   FIN and opcode 1: a text, whole          RFC 6455, section 5.2
 *   byte 1   length to 125, or 126: two bytes of length follow, or 127: eight
 *            (no mask: only clients have one)
 */
const WHOLE_TEXT = 0x81;
const IN_ONE_BYTE_MAX = 125;
const IN_TWO_BYTES_MAX = 65_535;

/** Larger ones are few, and not worth a copy. */
export const SHARED_FRAME_BYTES_MAX = 16_384;

/** The frame of a payload; `undefined` for one that is too large to be copied. */
export type TextFrames = (payload: Uint8Array) => Buffer | undefined;

/** Remembers the frames of payloads for as long as these live. */
export function createTextFrames(): TextFrames {
  const frames = new WeakMap<Uint8Array, Buffer>();
  return (payload) => {
    if (payload.length > SHARED_FRAME_BYTES_MAX) return undefined;
    const known = frames.get(payload);
    if (known !== undefined) return known;
    const frame = textFrame(payload);
    frames.set(payload, frame);
    return frame;
  };
}

export function textFrame(payload: Uint8Array): Buffer {
  return Buffer.concat([headerOf(payload.length), payload]);
}

function headerOf(length: number): Buffer {
  if (length <= IN_ONE_BYTE_MAX) return Buffer.from([WHOLE_TEXT, length]);
  if (length <= IN_TWO_BYTES_MAX) return Buffer.from([WHOLE_TEXT, 126, length >> 8, length & 0xff]);
  const header = Buffer.from([WHOLE_TEXT, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
