import { Wordmark } from "./wordmark.tsx";

/** For an address that leads nowhere. */
export function NothingHere() {
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="max-w-md text-balance text-center">
        <div className="mb-8 flex justify-center">
          <Wordmark />
        </div>
        <h1 className="mb-2 font-semibold text-xl tracking-[-0.02em]">There is no page at this address</h1>
        <p className="mb-6 text-soft">The voice rooms of this server are on the first page.</p>
        <a className="button" href="/">
          Show the rooms
        </a>
      </div>
    </main>
  );
}
