// The frame that is open: touching a field lights its bytes and the other way round; arrow keys walk the fields.
// frames.js, which comes after it, has the list.
"use strict";

const wide = matchMedia("(min-width: 992px)");

function closeFrame() {
  for (const open of document.querySelectorAll(".dk-fd")) open.remove();
  markOpen();
}

function markOpen() {
  const open = document.querySelector(".dk-fd");
  for (const node of shown()) {
    const is = open !== null && open.dataset.open === node.dataset.place;
    node.classList.toggle("is-open", is);
    node.setAttribute("aria-expanded", String(is));
  }
}

// Beside the list where there is room, else under its row.
function placeFrame() {
  const open = document.querySelector(".dk-fd");
  if (!open) return;
  const row = rows.querySelector(`[data-place="${CSS.escape(open.dataset.open)}"]`);
  if (wide.matches || !row) document.getElementById("side").replaceChildren(open);
  else row.after(open);
}

// A link may name a frame: the list begins there.
function goToFrame() {
  const open = document.querySelector(".dk-fd");
  const row = open && rows.querySelector(`[data-place="${CSS.escape(open.dataset.open)}"]`);
  if (row) row.scrollIntoView({ block: wide.matches ? "center" : "start" });
}

async function openFrame(row) {
  const place = row.dataset.place;
  const was = document.querySelector(".dk-fd");
  const same = was !== null && was.dataset.open === place;
  closeFrame();
  if (same) return address("");
  const path = journalOf(place).split("/").map(encodeURIComponent).join("/");
  const answer = await desk.fetch(`${facts.base}/${path}/${numberOf(place)}`);
  if (!answer.ok) return;
  closeFrame();
  row.insertAdjacentHTML("afterend", await answer.text());
  placeFrame();
  markOpen();
  address(place);
}

const address = (open) => history.replaceState(null, "", facts.base + "?" + query({ open }));

function light(part) {
  const open = part.closest(".dk-fd");
  const { start, end } = part.dataset;
  for (const each of open.querySelectorAll(".fr-part")) {
    each.classList.toggle("on", each === part);
    each.setAttribute("aria-pressed", String(each === part));
    each.tabIndex = each === part ? 0 : -1;
  }
  for (const byte of open.querySelectorAll("[data-p]")) {
    const at = Number(byte.dataset.p);
    byte.classList.toggle("on", at >= start && at < end);
    byte.classList.toggle("first", at === Number(start));
    byte.classList.toggle("last", at === end - 1);
  }
  say(open.querySelector(".fr-work"), part);
}

function say(work, part) {
  const value = document.createElement("strong");
  const hex = document.createElement("code");
  const where = document.createElement("span");
  value.textContent = part.querySelector(".fv").textContent;
  hex.textContent = part.dataset.hex;
  where.className = "dk-nowrap";
  where.textContent = part.dataset.where;
  const how = part.dataset.how ? ` → ${part.dataset.how}　` : " ";
  work.replaceChildren(part.querySelector(".ft").textContent + "　", value, document.createElement("br"), hex, how, where);
}

// The narrowest field that holds a byte.
function fieldOf(byte) {
  const at = Number(byte.dataset.p);
  const size = (part) => part.dataset.end - part.dataset.start;
  const holding = [...byte.closest(".dk-fd").querySelectorAll(".fr-part")].filter(
    (part) => part.dataset.start <= at && at < part.dataset.end,
  );
  return holding.reduce((best, part) => (best && size(best) <= size(part) ? best : part), null);
}

document.addEventListener("click", (event) => {
  const row = event.target.closest(".dk-fr");
  const part = event.target.closest(".fr-part");
  const byte = event.target.closest("[data-p]");
  if (row && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openFrame(row);
  } else if (part) {
    light(part);
  } else if (byte && fieldOf(byte)) {
    const field = fieldOf(byte);
    if (field.closest("details")) field.closest("details").open = true;
    light(field);
  }
});

document.addEventListener("keydown", (event) => {
  const part = event.target.closest && event.target.closest(".fr-part");
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!part || !step) return;
  const all = [...part.closest(".dk-fd").querySelectorAll(".fr-part")].filter((each) => each.offsetParent);
  const next = all[all.indexOf(part) + step];
  event.preventDefault();
  if (!next) return;
  light(next);
  next.focus();
});

wide.addEventListener("change", placeFrame);
