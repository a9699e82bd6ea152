// @vitest-environment happy-dom
import { act } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { Avatar } from "../../src/features/rooms/people/avatar.tsx";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const face = <Avatar id="42" name="Ada Byron" size="small" url="http://127.0.0.1:9/face.png" />;

/** The server's HTML, with a picture that stands so when the script comes; the text and the number of pictures after it. */
async function takenOver(picture: { readonly complete: boolean; readonly naturalWidth: number }) {
  const root = document.createElement("div");
  root.innerHTML = renderToString(face);
  const image = root.querySelector("img");
  for (const [name, value] of Object.entries(picture)) Object.defineProperty(image, name, { value });
  const app = await act(async () => hydrateRoot(root, face));
  const outcome = { text: root.textContent, pictures: root.querySelectorAll("img").length };
  await act(async () => app.unmount());
  return outcome;
}

it("leaves initials in place of a picture that failed before the page was taken over", async () => {
  expect(await takenOver({ complete: true, naturalWidth: 0 })).toEqual({ text: "AB", pictures: 0 });
});

it.each([
  ["loads still", { complete: false, naturalWidth: 0 }],
  ["has come", { complete: true, naturalWidth: 64 }],
])("keeps a picture that %s", async (_how, picture) => {
  expect(await takenOver(picture)).toEqual({ text: "AB", pictures: 1 });
});
