// Saves a form as one types, by the same request that its button makes, and keeps what was typed when that fails.
//
// A form that asks for it has data-drafts (the person's own key) and one data-… text for each thing this script says.
// What is kept in the browser is encrypted with that key, so nobody else on the machine can read it; it goes when it
// is saved, at sign-out, and after a day.

const PREFIX = "draft:";
const DAY = 24 * 60 * 60 * 1000;
const PAUSE = 1500; // milliseconds without typing before a save
const NOT_TYPED = new Set(["csrf_token", "version", "key"]);

const encode = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** Drafts of one person in this browser; without cryptography (a page that is not secure) nothing is kept. */
class Drafts {
  constructor(key, name) {
    this.name = PREFIX + name;
    this.key = globalThis.crypto?.subtle?.importKey("raw", decode(key), "AES-GCM", false, ["encrypt", "decrypt"]);
    this.turn = Promise.resolve();
  }

  /** Keeping and forgetting happen in the order in which they were asked for. */
  keep(draft) {
    this.turn = this.turn.then(async () => {
      if (!this.key) return;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const text = new TextEncoder().encode(JSON.stringify(draft));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.key, text);
      localStorage.setItem(this.name, JSON.stringify({ at: Date.now(), iv: encode(iv), text: encode(sealed) }));
    }).catch(() => {});
    return this.turn;
  }

  async find() {
    try {
      const { iv, text } = JSON.parse(localStorage.getItem(this.name));
      const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv: decode(iv) }, await this.key, decode(text));
      return JSON.parse(new TextDecoder().decode(open));
    } catch {
      return null; // none, or someone else's
    }
  }

  forget() {
    this.turn = this.turn.then(() => localStorage.removeItem(this.name));
    return this.turn;
  }
}

function forgetDrafts(which) {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(PREFIX) && which(name)) localStorage.removeItem(name);
  }
}

const old = (name) => {
  try {
    return Date.now() - JSON.parse(localStorage.getItem(name)).at > DAY;
  } catch {
    return true;
  }
};

/** What was typed, as pairs of name and text. */
function typed(form) {
  return [...new FormData(form)].filter(([name, value]) => !NOT_TYPED.has(name) && typeof value === "string");
}

function put(form, pairs) {
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || NOT_TYPED.has(field.name) || ["hidden", "submit", "button", "file"].includes(field.type)) continue;
    const found = values.get(field.name) ?? [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = found.includes(field.value);
    else field.value = found[0] ?? "";
  }
}

class SavingForm {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.drafts = new Drafts(form.dataset.drafts, location.pathname);
    this.conflict = form.dataset.fresh === "conflict"; // theirs stands above: only the button may replace it
    this.saved = form.dataset.fresh === "yes" ? this.now() : null; // what the server has
    this.sending = null; // the request under way, or the one that got no answer: it is sent again as it was
    this.wait = 0;
    this.open = !this.conflict; // false: a colleague saved, or the assessment was closed; the person decides
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submitted(event));
    addEventListener("online", () => this.save());
    addEventListener("focus", () => this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.save());
    this.restore();
  }

  say(word, detail = "") {
    const text = (this.words[word] ?? "").replace("{time}", this.time()).replace("{reason}", detail);
    const place = this.form.querySelector("[data-save-state]");
    place.dataset.saveState = word;
    if (place.textContent !== text) place.textContent = text;
    this.form.querySelector("[data-sign-in]").hidden = word !== "signedOut";
  }

  time() {
    return new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  }

  now() {
    return JSON.stringify(typed(this.form));
  }

  /** What the button would send, without files: those wait for the button. */
  body() {
    return new URLSearchParams([...new FormData(this.form)].filter(([, value]) => typeof value === "string")).toString();
  }

  draft(sent) {
    const { version, key } = this.form.elements;
    // Taken up again later, what was written beside a colleague's text meets that text again: no version is 0.
    return { pairs: typed(this.form), version: this.conflict ? "0" : version.value, key: key.value, sent };
  }

  changed() {
    this.drafts.keep(this.draft(false));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  /** The button: the draft stays until a page shows that the server has it, for the session may have ended. */
  submitted(event) {
    if (this.leaving || this.now() === this.saved) return;
    event.preventDefault();
    this.leaving = true;
    clearTimeout(this.timer);
    // Later, because a form cannot be sent again while it is being sent.
    const go = () => setTimeout(() => this.form.requestSubmit(event.submitter));
    // A save that got no answer goes first, so that the button does not run into one's own save.
    Promise.all([this.drafts.keep(this.draft(true)), this.under]).then(go, go);
  }

  async save() {
    clearTimeout(this.timer);
    if (!this.open || this.leaving || this.under || (!this.sending && this.now() === this.saved)) return;
    this.sending ??= { body: this.body(), typed: this.now() };
    this.under = this.send();
    await this.under;
    this.under = null;
    if (this.open && !this.sending && this.now() !== this.saved) this.changed();
  }

  async send() {
    let answer;
    try {
      answer = await fetch(location.pathname, {
        method: "POST",
        body: this.sending.body,
        redirect: "manual",
        keepalive: this.sending.body.length < 60000,
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      });
    } catch {
      return this.later("offline");
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) return this.later("signedOut");
    if (answer.status === 400) return this.renew();
    if (answer.status >= 500) return this.later("offline");
    return this.answered(answer.status, await answer.json().catch(() => ({})));
  }

  answered(status, { version, reason }) {
    const { typed: sent } = this.sending;
    this.sending = null;
    this.wait = 0;
    if (status === 200) {
      this.saved = sent;
      this.form.elements.version.value = version;
      if (this.now() === sent) this.drafts.forget();
      else this.drafts.keep(this.draft(false));
      this.say("saved");
    } else if (status === 422) {
      this.saved = sent; // the same would be refused again; the next change is tried anew
      this.say("incomplete", reason);
    } else {
      this.open = false;
      this.say("conflict", reason);
    }
  }

  /** No answer: the same request again, later and later, and at once when the connection or the person is back. */
  later(word) {
    this.say(word);
    if (word === "signedOut") this.sending = null; // it was not taken
    this.wait = Math.min((this.wait || 2500) * 2, 60000);
    this.timer = setTimeout(() => this.save(), this.wait);
  }

  /** The person signed in again elsewhere: the form needs the new session's token. */
  async renew() {
    this.sending = null;
    const answer = await fetch(location.pathname, { redirect: "manual" }).catch(() => null);
    if (!answer?.ok) return this.later("signedOut");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("form[data-drafts] input[name=csrf_token]")?.value;
    const mine = this.form.elements.csrf_token;
    if (!token || !mine || token === mine.value) return this.later("signedOut");
    mine.value = token;
    this.timer = setTimeout(() => this.save(), 100);
  }

  async restore() {
    if (this.words.fresh !== "yes") return; // the form holds what was just sent
    const draft = await this.drafts.find();
    if (!draft) return;
    const stored = draft.sent && draft.key === this.words.savedKey;
    if (stored || JSON.stringify(draft.pairs) === this.saved) {
      this.drafts.forget();
      return;
    }
    put(this.form, draft.pairs);
    this.form.elements.version.value = draft.version;
    this.form.elements.key.value = draft.key;
    if (draft.version === this.words.version) {
      this.say("restored");
      this.changed();
    } else {
      this.open = false; // a colleague saved since: the button shows both texts
      this.say("restoredBeside");
    }
  }
}

export function keepDrafts() {
  forgetDrafts(old);
  for (const form of document.querySelectorAll("form[action$='/sign-out']")) {
    form.addEventListener("submit", () => forgetDrafts(() => true));
  }
  for (const form of document.querySelectorAll("form[data-drafts]")) new SavingForm(form);
}
