// What every page does: one stream of events, parts that renew themselves, countdowns, copying, quiet forms.
// No page needs it to be read; without it the forms are ordinary forms.
"use strict";

const desk = {
  token: () => document.querySelector('meta[name="csrf"]').content,

  // Ask the desk as a script: errors come back as {error: sentence}.
  async fetch(url, options = {}) {
    const headers = { "X-Requested-With": "desk", "X-CSRFToken": desk.token(), ...(options.headers || {}) };
    const answer = await fetch(url, { credentials: "same-origin", ...options, headers });
    if (answer.status === 401) location.reload();
    return answer;
  },

  // Does the stream bring what happens?
  connected: () => stream.source !== null && stream.source.readyState === EventSource.OPEN,

  emit(name, detail) {
    document.dispatchEvent(new CustomEvent("desk:" + name, { detail }));
  },
};

// ---- parts that renew themselves: data-live holds the address of a fragment; empty: it is this part of the page ----

const live = {
  busy: false,
  again: false,

  async renew() {
    if (live.busy) {
      live.again = true;
      return;
    }
    live.busy = true;
    try {
      const asked = new Map();
      await Promise.all([...document.querySelectorAll("[data-live]")].map((part) => live.renewOne(part, asked)));
      stale.heard();
    } catch (error) {
      if (document.body.dataset.stream) stale.missed(); // a page without a stream promised nothing
    } finally {
      live.busy = false;
    }
    if (live.again) {
      live.again = false;
      live.renew();
    }
  },

  // What a person is at stays as it is: data-keep is left alone while its id is the same, opened details stay open,
  // what was chosen stays chosen; a row that has something new to tell (data-state) opens by itself.
  callbacks: {
    beforeNodeMorphed(old, fresh) {
      if (!old.dataset || !fresh.dataset) return true;
      if (old.tagName === "DETAILS" && fresh.open && old.dataset.state !== fresh.dataset.state) old.open = true;
      return !("keep" in old.dataset && old.id === fresh.id);
    },
    beforeAttributeUpdated: (name, node) =>
      !((name === "open" && node.tagName === "DETAILS") || (name === "checked" && node.tagName === "INPUT")),
  },

  async ask(address) {
    const answer = await desk.fetch(address);
    if (answer.status >= 500) throw new Error(answer.status); // a proxy answers also when the desk is gone
    return answer.ok ? answer.text() : null;
  },

  async renewOne(part, asked) {
    const address = part.dataset.live || location.href;
    if (!asked.has(address)) asked.set(address, live.ask(address));
    let html = await asked.get(address);
    if (html === null) return;
    if (!part.dataset.live) {
      const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(part.id);
      if (!fresh) return location.reload(); // there is another page here now
      html = fresh.innerHTML;
    }
    // what is being typed stays; the words of a button in focus do change
    const typing = document.activeElement !== null && document.activeElement.matches("input, select, textarea");
    Idiomorph.morph(part, html, { morphStyle: "innerHTML", ignoreActiveValue: typing, callbacks: live.callbacks });
    for (const piece of part.querySelectorAll("[data-into]")) {
      document.getElementById(piece.dataset.into).innerHTML = piece.innerHTML; // what stands outside of the part
    }
    desk.emit("renewed", part);
    countdowns.tick();
  },
};

// ---- one stream a page ----

const stream = {
  source: null,
  heardAt: 0,
  restsUntil: 0,

  open() {
    const on = document.body.dataset.stream;
    if (!on || stream.source) return;
    stream.source = new EventSource("/events?on=" + encodeURIComponent(on));
    stream.heardAt = Date.now();
    stream.source.onopen = () => {
      stream.heardAt = Date.now();
      stale.heard();
      live.renew();
      desk.emit("open");
    };
    stream.source.onerror = () => stale.missed();
    stream.source.addEventListener("crowded", stream.rest);
    for (const name of ["changed", "gap", "ping", "frames", "found"]) {
      stream.source.addEventListener(name, (event) => {
        stream.heardAt = Date.now();
        stale.heard();
        if (name === "changed" || name === "gap") live.renew();
        desk.emit(name, event);
      });
    }
  },

  close() {
    if (stream.source) stream.source.close();
    stream.source = null;
  },

  // Too many pages of this account are open: this one asks by itself for a minute, then it listens again.
  rest() {
    stream.close();
    stream.restsUntil = Date.now() + 60000;
    stale.heard();
  },

  // A dead line is not always told: 40 s without a ping is one. While the stream is down the page asks by itself.
  watch() {
    if (!document.body.dataset.stream) return;
    if (Date.now() < stream.restsUntil) return document.hidden || live.renew();
    if (Date.now() - stream.heardAt > 40000) {
      stream.close();
      stream.open();
    }
    if (stale.since || !navigator.onLine) live.renew(); // what was still on its way may hide that the line is gone
  },
};

// ---- stale is shown, after three seconds ----

const stale = {
  since: 0,
  timer: 0,

  missed() {
    if (stale.since) return;
    stale.since = Date.now();
    stale.timer = setInterval(stale.show, 500);
  },

  heard() {
    if (!stale.since) return;
    stale.since = 0;
    clearInterval(stale.timer);
    document.body.classList.remove("is-stale");
    document.getElementById("stale").hidden = true;
  },

  show() {
    const seconds = Math.floor((Date.now() - stale.since) / 1000);
    if (seconds < 3) return;
    document.body.classList.add("is-stale");
    stale.words(document.getElementById("stale").dataset);
    document.getElementById("stale").hidden = false;
    document.getElementById("stale-seconds").textContent = seconds + " s";
  },

  // Whose line it is, and whether a test goes on, as far as this page knows.
  words(said) {
    const going = document.querySelector("[data-going]") !== null;
    const what = navigator.onLine ? said.gone : going ? said.offlineGoing : said.offline;
    const more = going ? said.moreGoing : said.more;
    if (document.getElementById("stale-what").textContent !== what) {
      document.getElementById("stale-what").textContent = what;
    }
    document.getElementById("stale-more").textContent = more;
  },
};

// ---- countdowns: the desk dates, the page counts ----

const countdowns = {
  tick() {
    for (const timer of document.querySelectorAll("[data-due]")) {
      const key = timer.dataset.due + timer.dataset.now;
      if (timer.seenKey !== key) {
        timer.seenKey = key;
        timer.seenAt = performance.now();
      }
      const passed = ((performance.now() - timer.seenAt) / 1000) * Number(timer.dataset.speed || 1);
      const left = (Date.parse(timer.dataset.due) - Date.parse(timer.dataset.now)) / 1000 - passed;
      const seconds = Math.max(0, Math.ceil(left));
      const text = String(Math.floor(seconds / 60)).padStart(2, "0") + ":" + String(seconds % 60).padStart(2, "0");
      if (timer.textContent !== text) timer.textContent = text;
    }
  },
};

// ---- touches ----

document.addEventListener("change", (event) => {
  const input = event.target.closest(".dk-filein input");
  if (!input) return;
  const name = input.parentNode.querySelector(".dk-filein__name");
  name.textContent = input.files.length ? input.files[0].name : name.dataset.none;
});

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (!copy) return;
  await copied(copy.dataset.copy);
  const told = copy.querySelector("[data-copied]");
  const word = told && told.querySelector("span");
  if (!word || told.dataset.was) return;
  told.dataset.was = word.textContent;
  word.textContent = told.dataset.copied;
  setTimeout(() => {
    word.textContent = told.dataset.was;
    delete told.dataset.was;
  }, 3000);
});

// Over plain http there is no clipboard for pages; a selected field still copies.
async function copied(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "dk-sr";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

// A quiet form is sent without leaving the page: sound stays unlocked, what was read stays in place.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-quiet]")) return;
  event.preventDefault();
  const button = event.submitter;
  if (button && button.getAttribute("aria-disabled") === "true") return;
  const body = new FormData(form, button);
  if (button) button.setAttribute("aria-disabled", "true");
  try {
    const answer = await desk.fetch(form.action, { method: "POST", body });
    const json = (answer.headers.get("Content-Type") || "").includes("json");
    if (!answer.ok && !json) throw new Error(answer.status); // the desk itself says what is wrong
    const told = json ? await answer.json() : {};
    if (told.go) location.assign(told.go);
    desk.tell(told.error || told.said || "", !answer.ok);
    if (told.noted) desk.note(told.noted);
    desk.emit("sent", { form, ok: answer.ok, told });
    await live.renew();
  } catch (error) {
    stale.missed();
  } finally {
    if (button) button.removeAttribute("aria-disabled");
  }
});

// A sentence that stays until the next one: pages put <p id="told" role="status"> where it belongs.
desk.tell = (text, bad = false) => {
  const place = document.getElementById("told");
  if (!place) return;
  place.textContent = text;
  place.hidden = !text;
  place.classList.toggle("is-bad", bad);
};

// What is only said in passing.
desk.note = (text) => {
  desk.tell(text);
  setTimeout(() => {
    const place = document.getElementById("told");
    if (place && place.textContent === text) desk.tell("");
  }, 2000);
};

// An ordinary form is sent once: a second touch on a slow line waits for the page that the first one brings.
const once = {
  sent: new Map(),

  buttons: (form) => [...form.elements].filter((part) => part.matches("button")),

  send(event) {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (once.sent.has(form)) return event.preventDefault();
    once.sent.set(form, setTimeout(() => once.again(form), 15000)); // no page came: let them try
    setTimeout(() => once.buttons(form).forEach((button) => button.setAttribute("aria-disabled", "true")));
  },

  again(form) {
    clearTimeout(once.sent.get(form));
    once.sent.delete(form);
    once.buttons(form).forEach((button) => button.removeAttribute("aria-disabled"));
  },
};
window.addEventListener("submit", once.send); // after those that take a form over
window.addEventListener("pageshow", () => [...once.sent.keys()].forEach(once.again)); // back from where it led

for (const name of ["offline"]) window.addEventListener(name, () => stale.missed());
window.addEventListener("online", () => live.renew());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && document.body.dataset.stream) live.renew(); // phones freeze pages
});
document.addEventListener("DOMContentLoaded", () => {
  stream.open();
  countdowns.tick();
  const slow = document.querySelector("[data-every]"); // s; for pages that nobody watches closely
  if (slow) setInterval(() => document.hidden || live.renew(), 1000 * Number(slow.dataset.every));
});
setInterval(countdowns.tick, 250);
setInterval(stream.watch, 2000);
window.desk = Object.assign(desk, { renew: live.renew });
