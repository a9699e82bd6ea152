/** Where the rooms stand. A class because only classes may look at the page between render and change. */
import { type VoiceRoomsView, voiceChanges } from "@guildwire/client";
import { Component, createRef, type ReactNode } from "react";
import { CHANGES_MAX, measurePlaces, type Places, playChanges, REST_MS } from "./travel.ts";

interface RoomStageProps {
  readonly rooms: VoiceRoomsView;
  readonly children: ReactNode;
}

export class RoomStage extends Component<RoomStageProps> {
  readonly #root = createRef<HTMLDivElement>();
  readonly #layer = createRef<HTMLDivElement>();
  #playedAtMs = Number.NEGATIVE_INFINITY;

  override getSnapshotBeforeUpdate(before: RoomStageProps): Places | null {
    const root = this.#root.current;
    if (root === null || before.rooms === this.props.rooms || !isWatched()) return null;
    if (performance.now() - this.#playedAtMs < REST_MS) return null;
    const changes = voiceChanges(before.rooms, this.props.rooms).filter(({ type }) => type !== "updated");
    return changes.length === 0 || changes.length > CHANGES_MAX ? null : measurePlaces(root, changes);
  }

  override componentDidUpdate(_props: RoomStageProps, _state: unknown, places: Places | null): void {
    const root = this.#root.current;
    const layer = this.#layer.current;
    if (places !== null && root !== null && layer !== null) {
      this.#playedAtMs = performance.now();
      playChanges(root, layer, places);
    }
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
