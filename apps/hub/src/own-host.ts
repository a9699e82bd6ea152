/**
 * The hub needs a host name of its own (docs/decisions/0039-a-host-name-of-its-own.md). Behind a proxy that takes a path
 * off, its files are not found, so this script comes with the HTML: it compares the path that the hub was asked for with
 * the one that the browser shows, and says what is wrong.
 */
export const OWN_HOST_SCRIPT = `addEventListener("DOMContentLoaded", () => {
  const asked = document.documentElement.dataset.path;
  const shown = location.pathname;
  if (shown === asked || !shown.endsWith(asked)) return;
  const below = shown.slice(0, -asked.length) + "/";
  document.body.textContent = "This Guildwire hub is reached below " + below + ", and needs a host name of its own, such as voice.example.com (docs/deployment.md).";
});`;
