/**
 * Uploaded files, in memory. When they outgrow `bytesMax` the oldest are forgotten, and their addresses answer 404, as
 * those of deleted messages do.
 */
export class FileStore {
  readonly #files = new Map<string, { readonly bytes: Buffer; readonly contentType: string }>();
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax = 256 * 1024 * 1024) {
    this.#bytesMax = bytesMax;
  }

  put(path: string, bytes: Buffer, contentType: string): void {
    this.#files.set(path, { bytes, contentType });
    this.#bytes += bytes.byteLength;
    for (const [oldest, file] of this.#files) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#files.delete(oldest);
      this.#bytes -= file.bytes.byteLength;
    }
  }

  get(path: string): { readonly bytes: Buffer; readonly contentType: string } | undefined {
    return this.#files.get(path);
  }
}
