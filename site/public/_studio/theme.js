// The look that the person chose (site/studio/shell/theme-switch.tsx), set before the first paint: a plain script in the
// head, for a module would come too late and an inline one is not allowed.
try {
  const { dataset } = document.documentElement;
  const theme = localStorage.getItem("oursynth.theme");
  if (theme === "dark" || theme === "light") dataset.theme = theme;
  if (localStorage.getItem("oursynth.contrast") === "more") dataset.contrast = "more";
} catch {
  // A browser that keeps nothing for us shows the system's look.
}
