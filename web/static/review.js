// The reviewer's page: evidence without leaving the votes, and what the votes add up to. Without it links and forms do.
"use strict";

const review = {
  async side(link) {
    const answer = await desk.fetch(link.dataset.side);
    if (!answer.ok) return location.assign(link.href);
    const side = document.getElementById("side");
    side.innerHTML = await answer.text();
    review.mark(link.closest("tr") || document.querySelector("tr.sel"));
    if (matchMedia("(max-width: 1150px)").matches) side.scrollIntoView();
  },

  mark(row) {
    for (const other of document.querySelectorAll(".dk-mx tr.sel")) other.classList.remove("sel");
    for (const link of document.querySelectorAll(".rv-case[aria-current]")) link.removeAttribute("aria-current");
    row.classList.add("sel");
    row.querySelector(".rv-case").setAttribute("aria-current", "true");
  },

  add() {
    const sum = document.getElementById("sum");
    if (!sum) return;
    const all = document.querySelectorAll('.dk-vote input[value="reject"]').length;
    const n = document.querySelectorAll('.dk-vote input[value="reject"]:checked').length;
    sum.textContent = n ? sum.dataset.some.replace("{n}", n).replace("{rest}", all - n) : sum.dataset.none;
    const [accept, reject] = [document.getElementById("accept"), document.getElementById("reject")];
    reject.textContent = n ? reject.dataset.n.replace("{n}", n) : reject.dataset.plain;
    accept.toggleAttribute("aria-disabled", false);
    if (n) accept.setAttribute("aria-disabled", "true");
    reject.setAttribute("aria-disabled", n ? "false" : "true");
    accept.classList.toggle("dk-btn--main", !n);
    accept.classList.toggle("dk-btn--line", Boolean(n));
  },
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-side]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    review.side(link);
  }
});

document.addEventListener("change", (event) => {
  if (!event.target.matches(".dk-vote input")) return;
  review.add();
  const row = event.target.closest("tr");
  if (event.target.value === "reject") row.nextElementSibling.querySelector("textarea").focus();
});

// A button that is dashed says why beside it, and does nothing.
document.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter.getAttribute("aria-disabled") === "true") event.preventDefault();
});

document.addEventListener("DOMContentLoaded", review.add);
