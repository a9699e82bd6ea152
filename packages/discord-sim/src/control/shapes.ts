import type { Shape } from "./shape.ts";

type Variant<Union extends { readonly type: string }, Type> = Omit<Extract<Union, { type: Type }>, "type">;

/** One shape for each variant of a union. */
export type Shapes<Union extends { readonly type: string }> = {
  readonly [Type in Union["type"]]: Shape<Variant<Union, Type>>;
};
