// Texts that the server does not have yet, kept in this browser: one for each person and clause. What is
// another person's is never read.
const PREFIX = "tekst:";
const MOST_MS = 30 * 24 * 60 * 60 * 1000;

const keyOf = (user, place) => `${PREFIX}${user}:${place}`;

const read = (key) => {
  try {
    const entry = JSON.parse(localStorage.getItem(key));
    return typeof entry?.text === "string" && typeof entry.heading === "string" ? entry : null;
  } catch {
    return null; // written by something else, or the browser lets nobody read
  }
};

const keys = () => {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
};

export const get = (user, place) => read(keyOf(user, place));

// Keep an entry {heading, text, base, mark}; false where the browser will not.
export const put = (user, place, entry) => {
  try {
    localStorage.setItem(keyOf(user, place), JSON.stringify({ ...entry, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
};

export const remove = (user, place) => {
  try {
    localStorage.removeItem(keyOf(user, place));
  } catch {
    // nothing was kept
  }
};

// How many texts of this person only the browser has.
export const count = (user) => keys().filter((key) => key.startsWith(keyOf(user, ""))).length;

export const removeAll = (user) => {
  for (const key of keys()) {
    if (key.startsWith(keyOf(user, ""))) localStorage.removeItem(key);
  }
};

export const removeOld = () => {
  for (const key of keys()) {
    if (!(read(key)?.at > Date.now() - MOST_MS)) localStorage.removeItem(key);
  }
};
