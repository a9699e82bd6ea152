export function BotMark() {
  return (
    <span className="shrink-0 rounded bg-well px-1 font-semibold text-[0.625rem] text-soft leading-4">
      BOT
    </span>
  );
}
