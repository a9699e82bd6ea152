import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";

interface SearchBoxProps {
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** `/` goes there from anywhere on the page; Esc empties it, and a second Esc leaves it. */
export function SearchBox({ text, onText }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (text === "") event.currentTarget.blur();
    else onText("");
  };
  return (
    <search className="w-full min-w-0 sm:w-72">
      <label className="group relative block">
        <span className="sr-only">Find people and rooms</span>
        <Search
          aria-hidden="true"
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-3.5 size-4 text-faint"
        />
        <input
          aria-keyshortcuts="/"
          autoComplete="off"
          className="h-10 w-full rounded-full border border-edge bg-card pr-10 pl-10 text-[1rem] placeholder:text-faint sm:text-base"
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder="Find people and rooms"
          ref={input}
          spellCheck={false}
          type="search"
          value={text}
        />
        {text === "" && (
          <span
            aria-hidden="true"
            className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-3 hidden rounded border border-line px-1.5 text-faint text-xs leading-5 group-focus-within:hidden sm:block"
          >
            /
          </span>
        )}
      </label>
    </search>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role=menu] *, [role=slider]"))
  );
}
