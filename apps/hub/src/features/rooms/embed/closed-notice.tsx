import { useRef } from "react";
import { sentence } from "../../../shell/sentence.ts";
import { useToldHeight } from "./use-told-height.ts";

/** In place of an embed or an overlay that may not be shown: why. */
export function ClosedNotice({ message }: { readonly message: string }) {
  const root = useRef<HTMLElement>(null);
  useToldHeight(root);
  return (
    <main className="embed" data-background="card" data-theme="auto" ref={root}>
      <h1 className="embed-title">These voice rooms are not open</h1>
      <p className="embed-rest">{sentence(message)}.</p>
    </main>
  );
}
