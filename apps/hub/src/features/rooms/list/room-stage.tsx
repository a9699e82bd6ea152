/** Where the rooms stand. A class because only classes may look at the page between render and change. */
import { type VoiceRoomsView, voiceChanges } from "@guildwire/client";
import { Component, createRef, type ReactNode } from "react";
import { type FocusPath, focusPath, keepFocus } from "../../../shell/kept-focus.ts";
import { CHANGES_MAX, measurePlaces, type Places, playChanges, REST_MS } from "./travel.ts";

interface RoomStageProps {
  readonly rooms: VoiceRoomsView;
  readonly children: ReactNode;
}

/** How the page was before a change. */
interface Before {
  readonly focus: FocusPath | null;
  readonly places: Places | null;
}

export class RoomStage extends Component<RoomStageProps> {
  readonly #root = createRef<HTMLDivElement>();
  readonly #layer = createRef<HTMLDivElement>();
  #playedAtMs = Number.NEGATIVE_INFINITY;

  override getSnapshotBeforeUpdate(before: RoomStageProps): Before {
    const root = this.#root.current;
    if (root === null) return { focus: null, places: null };
    return { focus: focusPath(root), places: this.#placesBefore(root, before) };
  }

  override componentDidUpdate(_props: RoomStageProps, _state: unknown, { focus, places }: Before): void {
    const root = this.#root.current;
    const layer = this.#layer.current;
    if (root !== null && focus !== null) keepFocus(root, focus);
    if (places !== null && root !== null && layer !== null) {
      this.#playedAtMs = performance.now();
      playChanges(root, layer, places);
    }
  }

  #placesBefore(root: HTMLElement, before: RoomStageProps): Places | null {
    if (before.rooms === this.props.rooms || !isWatched()) return null;
    if (performance.now() - this.#playedAtMs < REST_MS) return null;
    const changes = voiceChanges(before.rooms, this.props.rooms).filter(({ type }) => type !== "updated");
    return changes.length === 0 || changes.length > CHANGES_MAX ? null : measurePlaces(root, changes);
  }

  override render(): ReactNode {
    return (
      <>
        <div ref={this.#root}>{this.props.children}</div>
        <div aria-hidden="true" className="travellers" inert ref={this.#layer} />
      </>
    );
  }
}

function isWatched(): boolean {
  return (
    document.visibilityState === "visible" && !window.matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}
