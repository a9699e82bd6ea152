// Guildwire's widget: puts a server's voice rooms, live, where this script stands. docs/embedding.md has the options.
(() => {
  const NAME = /\/widget\.js(\?|#|$)/;
  /** Optimisers move the address to another attribute; `data-hub` names the hub where they remove it. */
  const addressOf = ({ src, dataset }) =>
    [src, dataset.src, dataset.rocketSrc, dataset.hub && `${dataset.hub.replace(/\/+$/, "")}/widget.js`].find(
      (url) => NAME.test(url ?? ""),
    );
  /** A module, and a script that an optimiser runs, is not `currentScript`: all that stand on the page have their turn. */
  const current = document.currentScript;
  const isNamed = current?.dataset.guild !== undefined && addressOf(current);
  const scripts = isNamed
    ? [current]
    : [...document.querySelectorAll("script[data-guild]")].filter(addressOf);
  if (scripts.length === 0) {
    if (current && addressOf(current)) scripts.push(current);
    else {
      // biome-ignore lint/suspicious/noConsole: there is no place on the page to write it.
      console.error(
        "Guildwire: widget.js does not find its <script>. Give it data-hub and data-guild (docs/embedding.md).",
      );
    }
  }
  for (const script of scripts) {
    if (script.guildwire) continue;
    script.guildwire = true;
    // In the head nothing is seen.
    if (document.body?.contains(script)) show(script);
    else if (document.readyState !== "loading") show(script, true);
    else addEventListener("DOMContentLoaded", () => show(script, true));
  }

  function show(script, isInHead) {
    const place = (element) => (isInHead ? document.body.append(element) : script.after(element));
    const explain = (text) => {
      const note = document.createElement("p");
      note.textContent = `Guildwire: ${text}`;
      place(note);
      return note;
    };
    const { guild, title, maxHeight, hub, ...options } = script.dataset;
    if (!/^\d{1,20}$/.test(guild ?? "")) {
      explain("the script needs data-guild, the id of a Discord server.");
      return;
    }
    const address = new URL(`embed/${guild}`, addressOf(script));
    for (const name of ["view", "rooms", "theme", "background", "empty"]) {
      if (options[name] !== undefined) address.searchParams.set(name, options[name]);
    }
    const frame = document.createElement("iframe");
    frame.src = address.href;
    frame.title = title ?? "Voice rooms";
    frame.loading = "lazy";
    // "normal" as the frame's own: a frame of another color scheme is not see-through.
    Object.assign(frame.style, { width: "100%", height: "10rem", border: "0", colorScheme: "normal" });
    if (maxHeight !== undefined)
      frame.style.maxHeight = /^\d+$/.test(maxHeight) ? `${maxHeight}px` : maxHeight;
    let note;
    let isShown = false;
    const fail = (why) => {
      if (isShown || note) return;
      note = explain(`the voice rooms of ${address.host} cannot be shown here. ${why}`);
      frame.style.display = "none";
    };
    // The frame's origin is "null" in a sandbox, so its window says whose message this is.
    addEventListener("message", ({ source, data }) => {
      if (source !== frame.contentWindow || data?.type !== "guildwire:height" || !(data.height > 0)) return;
      isShown = true;
      note?.remove();
      frame.style.display = "";
      frame.style.height = `${data.height}px`;
    });
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
      if (/^(frame|child|default)-src/.test(effectiveDirective) && address.href.startsWith(blockedURI))
        fail(`This page's content security policy needs frame-src ${address.origin}.`);
    });
    frame.addEventListener("load", () =>
      setTimeout(
        fail,
        15_000,
        `The hub did not answer, or its HUB_EMBED_ORIGINS leaves out ${location.origin}.`,
      ),
    );
    place(frame);
  }
})();
