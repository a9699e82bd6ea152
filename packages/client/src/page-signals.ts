/** What the browser says about network and visibility. Outside a browser there are no signals. */
export type PageSignal = "wentOnline" | "wentOffline" | "becameVisible" | "becameHidden";

export interface PageSignals {
  /** Returns a function that stops listening. */
  listen(listener: (signal: PageSignal) => void): () => void;
}

export const browserSignals: PageSignals = {
  listen(listener) {
    if (typeof window === "undefined" || typeof document === "undefined") return () => undefined;
    const abort = new AbortController();
    const { signal } = abort;
    window.addEventListener("online", () => listener("wentOnline"), { signal });
    window.addEventListener("offline", () => listener("wentOffline"), { signal });
    // A page out of the back-forward cache has lost its socket without an event of its own.
    window.addEventListener("pageshow", (event) => event.persisted && listener("becameVisible"), { signal });
    document.addEventListener(
      "visibilitychange",
      () => listener(document.visibilityState === "visible" ? "becameVisible" : "becameHidden"),
      { signal },
    );
    if (!window.navigator.onLine) listener("wentOffline");
    if (document.visibilityState === "hidden") listener("becameHidden");
    return () => abort.abort();
  },
};
