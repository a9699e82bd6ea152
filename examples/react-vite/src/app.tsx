import { useVoiceRooms } from "@guildwire/client/react";
import { useState } from "react";
import { Freshness } from "./freshness.tsx";
import { JoinToast } from "./join-toast.tsx";
import { Room } from "./room.tsx";

export function App() {
  const { rooms } = useVoiceRooms();
  const [chosen, setChosen] = useState<string>();
  const inOrder = rooms.categories.flatMap((category) => category.rooms);
  const shown = chosen ?? inOrder.find(({ people }) => people.length > 0)?.id;

  return (
    <main>
      <h1>{rooms.guild?.name ?? "Voice rooms"}</h1>
      <Freshness />
      <nav aria-label="Rooms">
        {inOrder.map(({ id, name, peopleCount }) => (
          <button aria-pressed={id === shown} key={id} onClick={() => setChosen(id)} type="button">
            {name} <span>{peopleCount}</span>
          </button>
        ))}
      </nav>
      {shown !== undefined && <Room id={shown} />}
      <JoinToast />
    </main>
  );
}
