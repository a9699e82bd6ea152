import { useRoom } from "@guildwire/client/react";

/** Renders again when this room changes, and for no other. */
export function Room({ id }: { readonly id: string }) {
  const room = useRoom(id);
  if (room === undefined) return <p>This room is gone.</p>;
  return (
    <section aria-label={room.name} data-room-id={id}>
      <h2>{room.name}</h2>
      {room.people.length === 0 ? (
        <p>Nobody is here.</p>
      ) : (
        <ul>
          {room.people.map(({ id: userId, name, selfMute, stream }) => (
            <li data-user-id={userId} key={userId}>
              {name} {selfMute && <small>muted</small>} {stream && <small>streaming</small>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
