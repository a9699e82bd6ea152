import { createIsomorphicFn, getGlobalStartContext } from "@tanstack/react-start";

/** By which the scripts of this page are known to be its own; `server.ts` makes one for each answer. */
export const pageNonce = createIsomorphicFn()
  .server(() => (getGlobalStartContext() as { readonly nonce?: string } | undefined)?.nonce)
  .client(() => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce);
