// On every page: whoever logs out leaves no text behind in the browser, and is asked first where the
// server does not have it.
import { count, removeAll, removeOld } from "./store.js";

removeOld();

const form = document.querySelector("form[data-log-out]");
form?.addEventListener("submit", (event) => {
  const user = form.dataset.logOut;
  const question =
    "Du har tekst som ikke er sendt, og som bare ligger i denne nettleseren. Den blir borte når du logger ut. Vil du logge ut likevel?";
  if (count(user) && !confirm(question)) event.preventDefault();
  else removeAll(user);
});
