/** A WebSocket frame from a server: whole, unmasked. Source: RFC 6455 section 5.2. */
const FIN = 0x80;
const TEXT = 0x1;
const BINARY = 0x2;

export function serverFrame(payload: Buffer, binary: boolean): Buffer {
  const first = FIN | (binary ? BINARY : TEXT);
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  if (length < 0x1_0000) {
    return Buffer.concat([Buffer.from([first, 126, length >> 8, length & 0xff]), payload]);
  }
  const header = Buffer.alloc(10);
  header.writeUInt8(first, 0);
  header.writeUInt8(127, 1);
  header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}
