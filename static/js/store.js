/** What this device remembers of its own; a browser that keeps nothing forgets it with the page. */
const memory = new Map();

export function remembered(name) {
  try {
    return localStorage.getItem(name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

export function remember(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // Kept in memory.
  }
}
