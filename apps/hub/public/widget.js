// Guildwire's widget: puts a server's voice rooms, live, where this script stands. docs/embedding.md has the options.
(() => {
  const script = document.currentScript;
  const { guild, title, maxHeight, ...options } = script.dataset;
  if (!/^\d{1,20}$/.test(guild ?? "")) {
    const problem = document.createElement("p");
    problem.textContent = "Guildwire: the script needs data-guild, the id of a Discord server.";
    script.after(problem);
    return;
  }
  const address = new URL(`embed/${guild}`, script.src);
  for (const name of ["view", "rooms", "theme", "background", "empty"]) {
    if (options[name] !== undefined) address.searchParams.set(name, options[name]);
  }
  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = title ?? "Voice rooms";
  frame.loading = "lazy";
  // "normal" as the frame's own: a frame of another color scheme is not see-through.
  Object.assign(frame.style, { width: "100%", height: "10rem", border: "0", colorScheme: "normal" });
  if (maxHeight !== undefined) frame.style.maxHeight = /^\d+$/.test(maxHeight) ? `${maxHeight}px` : maxHeight;
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== address.origin) return;
    if (data?.type === "guildwire:height" && data.height > 0) frame.style.height = `${data.height}px`;
  });
  script.after(frame);
})();
