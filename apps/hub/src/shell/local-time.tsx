import { useSyncExternalStore } from "react";

interface LocalTimeProps {
  readonly timeMs: number;
  readonly before?: string;
}

/** A time of day as the reader's clock and time zone have it, which the browser alone knows: nothing on the server. */
export function LocalTime({ timeMs, before = "" }: LocalTimeProps) {
  if (!useIsBrowser()) return null;
  const time = new Date(timeMs);
  return (
    <time dateTime={time.toISOString()} translate="no">
      {`${before}${timeOfDay(time)}`}
    </time>
  );
}

/** One formatter: to make one for each of a hundred times takes longer than all the rest of them. */
const TIME_OF_DAY = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

export function timeOfDay(time: Date): string {
  return TIME_OF_DAY.format(time);
}

/** `false` on the server and while the page is being taken over, so that both render the same. */
export function useIsBrowser(): boolean {
  return useSyncExternalStore(noChanges, inBrowser, onServer);
}

const noChanges = (): (() => void) => () => undefined;
const inBrowser = (): boolean => true;
const onServer = (): boolean => false;
