import type { GatewayDispatchPayload } from "discord-api-types/v10";
import type { RawDispatch } from "./incoming.ts";

type PayloadOf<Name extends string> = Extract<GatewayDispatchPayload, { t: Name }>;

/** A dispatch with its body typed as Discord documents it, one member per event name: narrow on `name`. */
export type TypedDispatch = {
  [Name in `${GatewayDispatchPayload["t"]}`]: {
    readonly seq: number;
    readonly name: Name;
    readonly d: PayloadOf<Name>["d"];
  };
}[`${GatewayDispatchPayload["t"]}`];

/**
 * Gives a dispatch its documented type. It is a promise of the documentation's, not a check: whoever must not be
 * surprised decodes the body (as `@guildwire/discord-wire` does for the events it knows).
 */
export function typedDispatch(dispatch: RawDispatch): TypedDispatch {
  return dispatch as TypedDispatch;
}
