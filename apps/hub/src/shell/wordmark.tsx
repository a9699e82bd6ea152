/** The name, with a signal on the wire. */
export function Wordmark() {
  return (
    <p className="flex shrink-0 items-center gap-2 whitespace-nowrap font-semibold text-lg tracking-[-0.02em]">
      <svg aria-hidden="true" className="h-5 w-8" fill="none" viewBox="0 0 32 20">
        <path
          className="stroke-copper"
          d="M1 10h6c3.6 0 3.6-7 7-7s3.6 14 7 14 3.4-7 7-7h3"
          strokeLinecap="round"
          strokeWidth="2.4"
        />
        <circle className="fill-live" cx="14" cy="3" r="2.4" />
      </svg>
      Guildwire
    </p>
  );
}
