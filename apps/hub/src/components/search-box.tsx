import { Search } from "lucide-react";

export function SearchBox({
  text,
  onText,
}: {
  readonly text: string;
  readonly onText: (text: string) => void;
}) {
  return (
    <search className="w-full sm:w-64">
      <label className="relative block">
        <span className="sr-only">Find people and rooms</span>
        <Search
          aria-hidden="true"
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-3 size-4 text-faint"
        />
        <input
          autoComplete="off"
          className="h-10 w-full rounded-full border border-line bg-card pr-3 pl-9 text-[1rem] placeholder:text-faint"
          onChange={(event) => onText(event.target.value)}
          placeholder="Find people and rooms"
          spellCheck={false}
          type="search"
          value={text}
        />
      </label>
    </search>
  );
}
