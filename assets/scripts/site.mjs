// Everything works without this file; it only adds. The content security policy allows no script in the page itself.
import { initAll } from "govuk-frontend";
import { keepDrafts } from "./drafts.mjs";
import { initShortcuts } from "./shortcuts.mjs";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
keepDrafts();
initShortcuts();
