import type { CategoryView } from "@guildwire/client";
import { memo } from "react";
import { nounOf } from "../../../shell/counted.ts";
import { RoomSection } from "./room-section.tsx";

interface CategorySectionProps {
  readonly category: CategoryView;
  readonly showsPeople: boolean;
}

export const CategorySection = memo(function CategorySection({
  category,
  showsPeople,
}: CategorySectionProps) {
  const headingId = `category-${category.id ?? "none"}`;
  const people = category.rooms.reduce((sum, room) => sum + room.peopleCount, 0);
  return (
    <section aria-labelledby={headingId} className="mb-7">
      <div className={category.name === null ? "sr-only" : "mb-2 flex items-center gap-3"}>
        <h2
          className="max-w-[70%] font-semibold text-soft text-xs uppercase tracking-[0.09em]"
          id={headingId}
          translate={category.name === null ? "yes" : "no"}
        >
          {category.name ?? "Rooms without a category"}
        </h2>
        <span aria-hidden="true" className="wire" />
        {people > 0 && (
          <span className="text-faint text-xs">
            <span translate="no">{people}</span>
            <span className="sr-only">{` ${nounOf(people, "person", "people")}`}</span>
          </span>
        )}
      </div>
      <div className="rooms">
        {category.rooms.map((room) => (
          <RoomSection key={room.id} room={room} showsPeople={showsPeople} />
        ))}
      </div>
    </section>
  );
});
