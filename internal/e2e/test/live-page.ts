/** The live rooms page as a test sees it: who is in which room, and how fresh the page says it is. */
import type { Page } from "playwright-core";
import type { Places } from "./running-stack.ts";

const TRUE_AGAIN_MS_MAX = 30_000;

export class LivePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(url: string): Promise<void> {
    await this.#page.goto(url);
    await this.#page.locator("[data-user-id]").first().waitFor();
    // A reload would lose this mark.
    await this.#page.evaluate(() => {
      document.documentElement.dataset["mark"] = "never reloaded";
    });
  }

  wasReloaded(): Promise<boolean> {
    return this.#page.evaluate(() => document.documentElement.dataset["mark"] !== "never reloaded");
  }

  places(): Promise<Places> {
    return this.#page.evaluate(() => {
      const rooms = [...document.querySelectorAll<HTMLElement>("[data-room-id]")];
      return Object.fromEntries(
        rooms.map((room) => [
          room.dataset["roomId"] ?? "",
          [...room.querySelectorAll<HTMLElement>("[data-user-id]")]
            .map((person) => person.dataset["userId"] ?? "")
            .toSorted(),
        ]),
      );
    });
  }

  /** Resolves when the page shows exactly these people in exactly these rooms, and calls it live. */
  async untilShows(places: Places): Promise<void> {
    await this.#page.waitForFunction(
      (wanted) => {
        const root = document.querySelector<HTMLElement>("[data-source-status]");
        if (root?.dataset["sourceStatus"] !== "live" || root.dataset["connectionStatus"] !== "live")
          return false;
        const rooms = [...document.querySelectorAll<HTMLElement>("[data-room-id]")];
        const shown = rooms.map((room) => {
          const people = [...room.querySelectorAll<HTMLElement>("[data-user-id]")];
          return [
            room.dataset["roomId"],
            people.map((person) => person.dataset["userId"]).toSorted(),
          ] as const;
        });
        const sorted = (entries: readonly (readonly [string | undefined, unknown])[]) =>
          JSON.stringify(entries.toSorted(([a], [b]) => String(a).localeCompare(String(b))));
        return sorted(shown) === sorted(Object.entries(wanted));
      },
      places,
      { timeout: TRUE_AGAIN_MS_MAX },
    );
  }

  async untilPersonIsIn(userId: string, roomId: string): Promise<void> {
    await this.#page.locator(`[data-room-id="${roomId}"] [data-user-id="${userId}"]`).waitFor();
  }

  /** Resolves when the page no longer claims that what it shows is true now. */
  async untilNotLive(): Promise<void> {
    await this.#page.waitForFunction(
      () => {
        const root = document.querySelector<HTMLElement>("[data-source-status]");
        return root?.dataset["sourceStatus"] !== "live" || root.dataset["connectionStatus"] !== "live";
      },
      undefined,
      { timeout: TRUE_AGAIN_MS_MAX },
    );
  }
}
