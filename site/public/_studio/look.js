// The look that the person chose (site/halo/theme.ts), worn before the first paint: a plain script in the head, because a
// module comes too late for that and an inline script is not allowed.
try {
  const kept = JSON.parse(localStorage.getItem("halo-look") ?? "{}");
  const choices = { theme: ["dark", "light"], contrast: ["more", "normal"], motion: ["none"] };
  for (const [name, values] of Object.entries(choices)) {
    if (values.includes(kept?.[name])) document.documentElement.dataset[name] = kept[name];
  }
} catch {
  // A browser that keeps nothing for us, or something that is not ours, shows the system's look.
}
