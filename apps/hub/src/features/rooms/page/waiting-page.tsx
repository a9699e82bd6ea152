import { Wordmark } from "../../../shell/wordmark.tsx";

/** Before the hub knows any server. The page asks again by itself. */
export function WaitingPage() {
  return (
    <main
      className="grid min-h-dvh place-items-center p-6"
      data-connection-status="idle"
      data-source-status="unknown"
    >
      <div className="max-w-md text-balance text-center" role="status">
        <div className="mb-8 flex justify-center">
          <Wordmark />
        </div>
        <svg aria-hidden="true" className="pulse mx-auto mb-6 w-48" fill="none" viewBox="0 0 192 40">
          <path
            className="stroke-copper"
            d="M2 20h60c12 0 10-16 20-16s10 32 20 32 8-16 20-16h68"
            strokeLinecap="round"
            strokeWidth="2.5"
          />
        </svg>
        <h1 className="mb-2 font-semibold text-xl tracking-[-0.02em]">
          Waiting for the worker’s first snapshot
        </h1>
        <p className="text-soft">
          The hub is up, but no worker has told it about a Discord server yet. As soon as one does, the rooms
          appear here by themselves.
        </p>
      </div>
    </main>
  );
}
