/** What the browser says about network and visibility. Outside a browser there are no signals. */
export type PageSignal = "wentOnline" | "wentOffline" | "becameVisible";

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
      () => {
        if (document.visibilityState === "visible") listener("becameVisible");
      },
      { signal },
    );
    if (!window.navigator.onLine) listener("wentOffline");
    return () => abort.abort();
  },
};
