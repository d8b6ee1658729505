// What the browser keeps for this page: the token, messages not sent yet, and whether the panel is open.

const PREFIX = "assistant-widget:";
const memory = new Map<string, string>();

/** Whether localStorage can be used. Some browsers refuse it to pages inside pages, or by a setting. */
export const lasting = (() => {
  try {
    localStorage.setItem(`${PREFIX}probe`, "1");
    localStorage.removeItem(`${PREFIX}probe`);
    return true;
  } catch {
    return false;
  }
})();

export function load(key: string): string | null {
  return memory.get(key) ?? (lasting ? localStorage.getItem(PREFIX + key) : null);
}

/** Keeps a value, null for none. Where the browser has no room for it, it is kept until the page is left. */
export function save(key: string, value: string | null): void {
  memory.delete(key);
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    if (value !== null) memory.set(key, value);
  }
}

/** What is kept for this tab alone, and until it is closed. */
export function loadHere(key: string, otherwise = ""): string {
  try {
    return sessionStorage.getItem(PREFIX + key) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function saveHere(key: string, value: string): void {
  if (lasting) sessionStorage.setItem(PREFIX + key, value); // a browser allows both or none
}

/** Calls back with the key of each value that another tab has changed; null when it has cleared all. */
export function watch(changed: (key: string | null) => void): void {
  addEventListener("storage", ({ key, storageArea }) => {
    if (!lasting || storageArea !== localStorage) return;
    if (key === null) changed(null);
    else if (key.startsWith(PREFIX)) changed(key.slice(PREFIX.length));
  });
}

/** Runs work while no other tab does; where the browser has no locks, or one hangs, it runs all the same. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return work(); // pages without https have none
  let begun = false;
  try {
    return await navigator.locks.request(`${PREFIX}send`, { signal: AbortSignal.timeout(90_000) }, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    if (begun) throw error;
    return work();
  }
}

/** A random UUID; browsers offer their own on https only. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 15) | 64;
  bytes[8] = (bytes[8]! & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
