// Everything works without this file; it only adds. The content security policy allows no script in the page itself.
import { initAll } from "govuk-frontend";
import { keepDrafts } from "./drafts.mjs";
import { offerPasskeys } from "./passkeys.mjs";
import { initShortcuts } from "./shortcuts.mjs";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
keepDrafts();
offerPasskeys();
initShortcuts();

// What is being made in the background looks again by itself; without a script there is a link that does.
function lookAgain() {
  const part = document.querySelector("[data-look-again]");
  if (!part) return;
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
        if (fresh) part.replaceWith(document.adoptNode(fresh));
      }
    } finally {
      lookAgain();
    }
  }, Number(part.dataset.lookAgain) * 1000);
}
lookAgain();
