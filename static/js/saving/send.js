// Sends a begun text to the server, and says in one word what became of it.

const token = () => {
  const found = document.cookie.split("; ").find((part) => /^(__Host-)?csrftoken=/.test(part));
  return found?.split("=")[1] ?? "";
};

// Somebody who has logged in again in another tab has a new token: the forms of this page need it too.
const renewTokens = () => {
  const value = token();
  if (!value) return;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = value;
};

const PATIENCE_MS = 20000;
const REFUSED = { login: "login", csrf: "csrf", refused: "denied" };

// Return the server's answer {state, …}. A state of our own where it gave none: «login», «csrf»,
// «denied», or «failed», after which it is worth trying again.
export const send = async (address, fields, options = {}) => {
  const body = new URLSearchParams(fields);
  const headers = { "X-CSRFToken": token(), Accept: "application/json" };
  let answer;
  try {
    answer = await fetch(address, {
      ...options,
      method: "POST",
      body,
      headers,
      redirect: "manual",
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return { state: "failed" };
  }
  if (answer.type === "opaqueredirect") return { state: "login" };
  const refused = REFUSED[answer.headers.get("X-Refused")];
  if (refused) return { state: refused };
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
    return { state: answer.status < 500 ? "denied" : "failed" };
  }
  try {
    const told = await answer.json();
    if (answer.ok) renewTokens();
    return told;
  } catch {
    return { state: "failed" };
  }
};
