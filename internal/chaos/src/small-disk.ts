/** A disk of a few megabytes that can be filled: a tmpfs, where this machine lets one be mounted. */
import { execFileSync } from "node:child_process";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export class SmallDisk implements Disposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** `undefined` where mounting is not allowed. `folder` must exist and be empty. */
  static mount(folder: string, megabytes: number): SmallDisk | undefined {
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], {
        stdio: "ignore",
      });
      return new SmallDisk(folder);
    } catch {
      return undefined;
    }
  }

  fill(): void {
    const { bavail, bsize } = statfsSync(this.#folder);
    try {
      writeFileSync(this.#ballast, Buffer.alloc(bavail * bsize));
    } catch {
      // Another process took some of it first: it is full either way.
    }
  }

  release(): void {
    rmSync(this.#ballast, { force: true });
  }

  get #ballast(): string {
    return join(this.#folder, "ballast");
  }

  [Symbol.dispose](): void {
    try {
      execFileSync("umount", ["-l", this.#folder], { stdio: "ignore" });
    } catch {
      // Left to the system, which forgets it with the next boot.
    }
  }
}
