import { useHubClient } from "@guildwire/client/react";
import { RotateCw } from "lucide-react";

export function RetryButton() {
  const client = useHubClient();
  return (
    <button className="button" onClick={() => client.retry()} type="button">
      <RotateCw aria-hidden="true" className="size-3.5" />
      Try now
    </button>
  );
}
