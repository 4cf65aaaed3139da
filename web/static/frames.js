// 查看报文: the live list, its windows into a long log, and what it is filtered by.
"use strict";

const MOST = 500; // rows in the page
const SOON = 500; // ms
const LONGEST = 5000;
const list = document.getElementById("frames");
const rows = document.getElementById("rows");
const filters = document.getElementById("filters");
const facts = list.dataset;

const log = {
  newest: facts.newest, // where the log ended when we last looked
  older: facts.older, // where the rows above and below these go on; "" at an end
  newer: facts.newer,
  waiting: [], // rows that came while nobody looked at the top
  more: 0, // how many came, also of those that are kept no more
  paused: false,
  busy: false, // asking
  batches: [], // from the stream, not yet looked at
  digesting: false,
  timer: 0,
  pause: SOON, // ms until it is asked again; longer while the line is down
};

const numberOf = (place) => Number(place.slice(place.lastIndexOf(":") + 1));
const journalOf = (place) => place.slice(0, place.lastIndexOf(":"));
const words = (text, n) => text.replace("{n}", n.toLocaleString("en"));

// ---- what is asked for ----

function query(extra = {}) {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(filters)) if (value) asked.append(name, value);
  for (const [name, value] of Object.entries(extra)) if (value) asked.set(name, value);
  return asked.toString();
}

function passes(row) {
  const asked = new FormData(filters);
  const kinds = asked.getAll("kind");
  return (
    (!kinds.length || kinds.includes(row.kind)) &&
    (!asked.get("gun") || asked.get("gun") === row.gun_no) &&
    (!asked.get("way") || (asked.get("way") === "up") === row.up) &&
    (!asked.get("trouble") || row.damage[0] !== "") &&
    (!asked.get("found") || row.notes.length > 0)
  );
}

const narrowed = () => ["kind", "gun", "way", "trouble", "found"].some((name) => new FormData(filters).get(name));

async function ask(extra) {
  const answer = await desk.fetch(facts.rows + "?" + query(extra));
  if (!answer.ok) throw new Error(answer.status);
  log.pause = SOON;
  return answer.json();
}

// ---- rows ----

function made(row) {
  const node = document.getElementById("row").content.firstElementChild.cloneNode(true);
  const mark = node.querySelector("svg");
  node.dataset.place = row.place;
  node.href = facts.base + "?" + query({ open: row.place });
  node.classList.toggle("is-odd", row.damage[0] !== "");
  mark.setAttribute("class", row.up ? "up" : "dn");
  mark.setAttribute("aria-label", row.up ? facts.up : facts.down);
  mark.firstElementChild.setAttribute("href", facts.icons + "#i-" + (row.up ? "up" : "dn"));
  node.querySelector("code").textContent = row.code || "—";
  node.querySelector(".fr-title").textContent =
    row.title[facts.lang] + (row.damage[0] ? facts.colon + row.damage[facts.lang] : "");
  node.querySelector(".fr-time").textContent = (row.day === facts.today ? "" : row.day.slice(5) + " ") + row.time;
  node.querySelector(".dk-fr__v").textContent = row.reading[facts.lang];
  node.querySelector(".dk-fr__x").textContent = row.hex;
  node.querySelector(".fr-n").textContent = "#" + row.n;
  note(node, row.notes);
  return node;
}

// What findings that end on a frame say, below it.
function note(node, notes) {
  const lines = notes.map((each) => {
    const line = document.createElement("span");
    const level = document.createElement("span");
    const text = document.createElement("span");
    line.className = "fr-note";
    level.className = "dk-level dk-level--" + each.level;
    level.textContent = each.word[facts.lang];
    text.textContent = each.text[facts.lang];
    line.append(level, text);
    return line;
  });
  node.querySelector(".fr-notes").replaceChildren(...lines);
}

// The audit goes on while the list stands: all that is known of the present journal, on the rows that are there.
// True when a list of findings alone has to begin anew.
function annotate(found) {
  if (!found.notes) return false;
  for (const node of shown()) {
    const notes = found.notes[node.dataset.place];
    if (notes && node.querySelectorAll(".fr-note").length !== notes.length) note(node, notes);
  }
  const before = Number(marked.textContent);
  const now = Object.keys(found.notes).length;
  marked.textContent = now;
  if (found.checking) later();
  return now !== before && new FormData(filters).get("found") !== null;
}

const shown = () => rows.getElementsByClassName("dk-fr");
const firstShown = () => rows.querySelector(".dk-fr");
const placesShown = () => new Set([...shown()].map((node) => node.dataset.place));

function block(found, fresh) {
  const nodes = document.createDocumentFragment();
  const have = placesShown();
  for (const row of found) {
    if (have.has(row.place)) continue;
    const node = made(row);
    if (fresh) node.classList.add("dk-arrive");
    nodes.append(node);
  }
  return nodes;
}

// Rows beyond the most leave at the far end, and the frame that is open below one of them leaves with it.
function trim(bottom) {
  const all = shown();
  const surplus = all.length - MOST;
  if (surplus <= 0) return;
  for (const node of [...all].slice(bottom ? MOST : 0, bottom ? undefined : surplus)) {
    if (node.nextElementSibling && node.nextElementSibling.matches(".dk-fd")) node.nextElementSibling.remove();
    node.remove();
  }
  if (bottom) log.older = [...shown()].at(-1).dataset.place;
  else log.newer = firstShown().dataset.place;
}

function settle() {
  const none = document.getElementById("none");
  none.hidden = firstShown() !== null;
  none.textContent = narrowed() ? none.dataset.left : none.dataset.none;
  document.getElementById("older").hidden = !log.older;
  document.getElementById("newer").hidden = !log.newer;
  const chip = document.getElementById("new");
  chip.hidden = log.more === 0;
  if (log.more) chip.textContent = words(chip.dataset.words, log.more);
}

// ---- what comes ----

const atTop = () => !log.newer && list.getBoundingClientRect().top > 40;

function arrive(found) {
  const have = placesShown();
  for (const row of log.waiting) have.add(row.place);
  const fresh = found.filter((row) => !have.has(row.place));
  if (!fresh.length) return;
  if (log.paused || !atTop()) {
    log.more += fresh.length;
    log.waiting = [...fresh, ...log.waiting].slice(0, MOST);
  } else {
    rows.prepend(block(fresh, true));
    trim(true);
  }
  settle();
}

// What waited goes on top; when it was too much, the list begins anew.
async function showWaiting() {
  if (log.newer || log.more > log.waiting.length) return reload();
  const waiting = log.waiting;
  log.waiting = [];
  log.more = 0;
  rows.prepend(block(waiting, true));
  trim(true);
  settle();
}

function count(found) {
  const damaged = found.filter((row) => row.damage[0]).length;
  setCounts(Number(total.dataset.n) + found.length, Number(troubles.textContent) + damaged);
}

const total = document.getElementById("total");
const troubles = document.getElementById("troubles");
const marked = document.getElementById("marked");

function setCounts(all, damaged) {
  total.dataset.n = all;
  total.textContent = words(total.dataset.words, all);
  troubles.textContent = damaged;
}

const follows = (batch) => journalOf(log.newest) === batch.key && numberOf(log.newest) >= batch.after;

// Batches in turn. What lies before one and did not come is asked for; the log may be a moment behind the stream.
async function digest() {
  if (log.digesting) return;
  log.digesting = true;
  while (log.batches.length) {
    const batch = log.batches.shift();
    for (let tries = 0; tries < 4 && !follows(batch); tries += 1) {
      if (tries) await new Promise((done) => setTimeout(done, 200));
      await catchUp();
    }
    take(batch);
  }
  log.digesting = false;
}

function take(batch) {
  const known = journalOf(log.newest) === batch.key ? numberOf(log.newest) : 0;
  const fresh = batch.rows.filter((row) => row.n > known);
  if (!fresh.length) return;
  log.newest = fresh[0].place;
  count(fresh);
  arrive(fresh.filter(passes));
}

function hear(event) {
  if (new FormData(filters).get("case")) {
    catchUp();
    later();
  } else {
    log.batches.push(JSON.parse(event.detail.data));
    digest();
  }
}

// Once more in a moment: frames are in the log only a little after they came.
function later() {
  clearTimeout(log.timer);
  log.timer = setTimeout(catchUp, log.pause);
}

// The line is down, desk.js says so; each time it is asked a little later.
function waitLonger() {
  log.pause = Math.min(2 * log.pause, LONGEST);
  later();
}

// Ask for what the stream did not bring: after a gap, without a stream, or for one case.
async function catchUp() {
  if (log.busy) return later();
  log.busy = true;
  try {
    const found = await ask(log.newest ? { after: log.newest } : {});
    log.newest = found.newest || log.newest;
    if (found.on && found.rows.length) {
      log.more += found.rows.length;
      log.waiting = [];
      if (!log.paused && atTop()) await begin();
    } else {
      count(found.rows);
      arrive(found.rows);
    }
    if (annotate(found)) await beginAnew();
    settle();
  } catch (error) {
    waitLonger();
  } finally {
    log.busy = false;
  }
}

// ---- windows into the log ----

async function begin() {
  const found = await ask({});
  if (!wide.matches) closeFrame();
  rows.replaceChildren(); // first: what is shown already is not made again
  rows.append(block(found.rows, false));
  setCounts(found.total, found.troubles);
  Object.assign(log, { newest: found.newest, older: found.on, newer: "", waiting: [], more: 0 });
  annotate(found);
  markOpen();
  settle();
  later();
}

// Where somebody reads the list stays as it is, and says that there is more.
async function beginAnew() {
  if (log.paused || !atTop()) log.more += 1;
  else await begin();
}

async function reload() {
  await begin();
  const top = list.getBoundingClientRect().top + window.scrollY;
  if (window.scrollY > top - 60) window.scrollTo(0, Math.max(0, top - 120));
}

async function further(newer) {
  const from = newer ? log.newer : log.older;
  if (log.busy || !from) return;
  log.busy = true;
  try {
    const found = await ask(newer ? { after: from } : { before: from });
    const nodes = block(found.rows, false);
    const anchor = newer ? firstShown() : [...shown()].at(-1);
    const before = anchor ? anchor.getBoundingClientRect().top : 0;
    if (newer) rows.prepend(nodes);
    else rows.append(nodes);
    log[newer ? "newer" : "older"] = found.on;
    trim(!newer);
    if (anchor && anchor.isConnected) window.scrollBy(0, anchor.getBoundingClientRect().top - before);
    document.getElementById("older").textContent = found.rows.length || newer ? olderWord : facts.empty;
    settle();
  } catch (error) {
    waitLonger();
  } finally {
    log.busy = false;
  }
}

const olderWord = document.getElementById("older").textContent;
facts.empty = document.getElementById("older").dataset.empty;

new IntersectionObserver(
  (seen) => {
    for (const each of seen) if (each.isIntersecting) further(each.target.id === "newer");
  },
  { rootMargin: "400px" },
).observe(document.getElementById("older"));

// ---- filters, pause, the rest ----

function filtered() {
  for (const chip of filters.querySelectorAll(".fr-chip")) {
    const field = chip.querySelector("select, input");
    chip.classList.toggle("is-on", field.type === "checkbox" ? field.checked : field.value !== "");
  }
  const picked = [...filters.querySelectorAll("[name=kind]:checked")];
  const button = document.getElementById("kinds-open");
  button.classList.toggle("is-on", picked.length > 0);
  button.firstElementChild.textContent =
    picked.length === 1 ? picked[0].dataset.title : picked.length ? words(button.dataset.some, picked.length) : button.dataset.all;
  for (const link of document.querySelectorAll("[data-download]")) {
    link.href = facts.base + "/download?" + query({ form: link.dataset.download });
  }
  address("");
  closeFrame();
  return reload();
}

filters.addEventListener("change", (event) => {
  if (!event.target.closest("dialog")) filtered();
});
filters.addEventListener("submit", (event) => {
  event.preventDefault();
  document.getElementById("kinds").close();
  filtered();
});

const kinds = document.getElementById("kinds");
const find = document.getElementById("kinds-find");

find.addEventListener("input", () => {
  const wanted = find.value.trim().toLowerCase();
  let some = false;
  for (const item of kinds.querySelectorAll("li")) {
    item.hidden = !item.dataset.find.includes(wanted);
    some = some || !item.hidden;
  }
  document.getElementById("kinds-none").hidden = some;
});
document.getElementById("kinds-open").addEventListener("click", () => kinds.showModal());
document.getElementById("kinds-show").addEventListener("click", () => filters.requestSubmit());
document.getElementById("kinds-clear").addEventListener("click", () => {
  for (const box of kinds.querySelectorAll("[name=kind]")) box.checked = false;
  filters.requestSubmit();
});
kinds.addEventListener("click", (event) => {
  if (event.target === kinds) kinds.close();
});

document.getElementById("pause").addEventListener("click", (event) => {
  log.paused = !log.paused;
  const button = event.currentTarget;
  const word = button.querySelector("span");
  const live = document.getElementById("live-word");
  button.setAttribute("aria-pressed", String(log.paused));
  word.textContent = log.paused ? word.dataset.on : word.dataset.off;
  live.textContent = log.paused ? live.dataset.paused : live.dataset.liveWord;
  if (!log.paused && log.more && atTop()) showWaiting();
});
document.getElementById("new").addEventListener("click", async () => {
  await showWaiting();
  window.scrollTo(0, 0);
});
document.getElementById("older").addEventListener("click", () => further(false));
document.getElementById("newer").addEventListener("click", () => further(true));

let looking = false;
window.addEventListener(
  "scroll",
  () => {
    if (looking || log.paused || !log.more) return;
    looking = true;
    requestAnimationFrame(() => {
      looking = false;
      if (!log.paused && log.more && atTop()) showWaiting();
    });
  },
  { passive: true },
);

document.addEventListener("desk:frames", (event) => hear(event.detail ? event : { detail: event }));
for (const name of ["open", "gap", "found"]) document.addEventListener("desk:" + name, catchUp);
setInterval(() => {
  const waits = log.pause > SOON; // then it asks by itself
  if (document.body.dataset.stream && !desk.connected() && document.visibilityState === "visible" && !waits) catchUp();
}, 2000);
placeFrame();
markOpen();
settle();
goToFrame();
if ("checking" in facts) later();
