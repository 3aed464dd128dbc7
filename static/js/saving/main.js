// Keeps what is being written in a clause: in the browser at once, on the server as soon as may be. What
// the server keeps is a draft of the writer's own; «Lagre» alone puts it into the agreement.
import { line } from "./line.js";
import { send } from "./send.js";
import * as store from "./store.js";

const PAUSE_MS = 3000; // after the last key
const MOST_MS = 20000; // while somebody writes without a pause
const TRY_AGAIN_MS = [5000, 10000, 20000, 40000, 60000];
const KEEPALIVE_LIMIT = 60000; // browsers send no more from a page that is being left

const box = document.getElementById("side_lagring");
const form = box.closest("form");
const { address, user, place, base, seen } = box.dataset; // `seen` is the revision shown here
const { say, list, busy, offer } = line(box);

let mark = "";
let isDirty = false; // there is something the server does not have
let isLeaving = false;
let sending = null; // what is under way
let isElsewhere = false; // another page of this person has kept another text
let failures = 0;
let timer = 0;
let since = 0;

const written = () => ({ heading: form.elements.heading.value, text: form.elements.text.value });
const isSame = (one, other) =>
  one.heading.trim() === other.heading.trim() && one.text.trim() === other.text.trim();

const setMark = (value) => {
  mark = value;
  for (const field of document.querySelectorAll("input[name=draft]")) field.value = value;
};

// Who else is at work. Written by the server.
const announce = (writers) => {
  const place = document.querySelector("[data-writers]");
  if (place.dataset.shown !== writers) place.innerHTML = writers;
  place.dataset.shown = writers;
};

const later = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(() => keep(), wait);
};

const fieldsOf = ({ heading, text }, from, known) => ({
  heading,
  text,
  revision: from,
  draft: known,
  user,
});

const answered = (told, sent) => {
  failures = told.state === "failed" ? failures + 1 : 0;
  switch (told.state) {
    case "kept":
    case "same":
    case "gone":
      setMark(told.mark);
      if (isSame(written(), sent)) {
        isDirty = false;
        since = 0;
        store.remove(user, place);
      }
      list(told.state === "same" ? [] : told.errors);
      if (told.writers !== undefined) {
        announce(told.writers);
      }
      if (told.state === "gone") say("gone", { by: told.changed.by });
      else if (told.changed?.revision > Number(seen)) say("changed", { by: told.changed.by, clock: told.changed.at });
      else say(told.state, { at: told.at });
      break;
    case "elsewhere":
      isElsewhere = true;
      say("elsewhere");
      offer("elsewhere", told, {
        use: () => {
          isElsewhere = false;
          setMark(told.mark);
          keep();
        },
      });
      break;
    case "refused":
      say("refused");
      list(told.errors);
      break;
    case "failed":
      say(navigator.onLine ? "failed" : "offline");
      later(TRY_AGAIN_MS[Math.min(failures, TRY_AGAIN_MS.length) - 1]);
      break;
    default:
      say(told.state);
  }
};

const keep = async (options = {}) => {
  clearTimeout(timer);
  if (!isDirty || sending || isLeaving || isElsewhere) return;
  if (!navigator.onLine) {
    say("offline");
    return;
  }
  const sent = written();
  busy(true);
  sending = send(address, fieldsOf(sent, base, mark), options);
  const told = await sending;
  sending = null;
  busy(false);
  answered(told, sent);
  if (isDirty && ["kept", "same", "gone"].includes(told.state)) later(PAUSE_MS); // written meanwhile
};

form.addEventListener("input", (event) => {
  if (!["heading", "text"].includes(event.target.name)) return;
  isDirty = true;
  since ||= Date.now();
  if (!store.put(user, place, { ...written(), base, mark })) say("lost");
  else if (!navigator.onLine) say("offline");
  later(Math.max(0, Math.min(PAUSE_MS, since + MOST_MS - Date.now())));
});

form.addEventListener("focusout", (event) => {
  // Inside the editor the focus goes to its tools and back; to the button it goes to be saved.
  if (!form.contains(event.relatedTarget) || event.relatedTarget.name === "heading") keep();
});

form.addEventListener("submit", (event) => {
  if (sending) {
    // Its answer has the draft's new mark, and the draft must be gone when the text is saved.
    event.preventDefault();
    sending.then(() => setTimeout(() => form.requestSubmit(event.submitter)));
    return;
  }
  if (!navigator.onLine) {
    event.preventDefault();
    isDirty = true;
    store.put(user, place, { ...written(), base, mark });
    say("offline");
    return;
  }
  isLeaving = true;
  clearTimeout(timer);
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") keep();
  else keep({ keepalive: written().text.length < KEEPALIVE_LIMIT / 3 });
});

window.addEventListener("online", () => keep());
window.addEventListener("offline", () => {
  if (isDirty) say("offline");
});
window.addEventListener("focus", () => keep());
window.addEventListener("pageshow", (event) => {
  if (event.persisted) isLeaving = false;
});

// --- a text that was not sent when this person was here last -------------------------------------------

const FOUND = `${place}#funnet`; // its own place, so that what is written now does not cover it

// Go on from the text that was found: the server shows it in the form, and saves nothing.
const useFound = (entry, known) => {
  const going = Object.assign(document.createElement("form"), { method: "post", hidden: true });
  const csrf = form.elements.csrfmiddlewaretoken.value;
  const { heading, text } = entry;
  const fields = { csrfmiddlewaretoken: csrf, heading, text, revision: entry.base, draft: known };
  for (const [name, value] of Object.entries({ ...fields, bruk: "min" })) {
    const field = Object.assign(document.createElement("textarea"), { name });
    field.value = value;
    going.append(field);
  }
  document.body.append(going);
  isLeaving = true;
  store.remove(user, FOUND);
  store.put(user, place, { ...entry, mark: known });
  going.submit();
};

const offerFound = (entry, told) => {
  const when = new Date(entry.at).toLocaleString("nb-NO", { dateStyle: "long", timeStyle: "short" });
  offer(
    "found",
    { when, difference: told.difference },
    {
      use: () => useFound(entry, told.mark ?? mark),
      drop: () => store.remove(user, FOUND),
    },
  );
};

const arrive = async () => {
  mark = form.elements.draft.value;
  const left = store.get(user, place);
  if (left) {
    store.remove(user, place);
    if (isSame(left, written())) return;
    store.put(user, FOUND, left);
  }
  const entry = store.get(user, FOUND);
  if (!entry) return;
  if (isSame(entry, written())) {
    store.remove(user, FOUND);
    return;
  }
  const told = navigator.onLine
    ? await send(address, fieldsOf(entry, entry.base, entry.mark))
    : { state: "failed" };
  if (told.state === "same") {
    store.remove(user, FOUND);
    setMark("");
  } else if (told.state === "kept" || told.state === "gone") {
    store.remove(user, FOUND);
    setMark(told.mark);
    if (!isDirty) location.reload();
    else offerFound(entry, told);
  } else {
    offerFound(entry, told);
  }
};

// As in the editor: after a step back the browser fills in the fields at the very end.
const [arrival] = performance.getEntriesByType("navigation");
if (arrival?.type === "navigate") arrive();
else window.addEventListener("pageshow", arrive, { once: true });
