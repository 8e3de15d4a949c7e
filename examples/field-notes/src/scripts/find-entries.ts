// Looks for a word among the entries on the page. Without this script the field stays hidden and the list is whole.

const finder = document.querySelector<HTMLFormElement>("[data-finder]");
const input = finder?.querySelector("input");
const found = document.querySelector<HTMLElement>("[data-found]");
const entries = [...document.querySelectorAll<HTMLElement>("[data-entry]")];

if (finder && input && found) {
  finder.hidden = false;
  finder.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => {
    found.textContent = describeMatches(showMatches(input.value), input.value);
  });
}

/** Hides what does not have every word; gives how many are left. */
function showMatches(text: string): number {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const entry of entries) {
    const isMatch = words.every((word) => entry.dataset.words?.includes(word));
    entry.hidden = !isMatch;
    if (isMatch) count += 1;
  }
  return count;
}

function describeMatches(count: number, text: string): string {
  if (text.trim() === "") return "";
  if (count === 0) return `Nothing about “${text.trim()}” yet.`;
  return count === 1 ? "One entry" : `${count} entries`;
}
