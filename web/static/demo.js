// The front panel follows the pile once a second, and its buttons act without a new page.
"use strict";

const panel = {
  part: document.getElementById("panel"),

  async follow() {
    if (!document.hidden) await live.renewOne(panel.part).catch(() => {});
  },

  async act(event) {
    event.preventDefault();
    const form = event.target;
    await desk.fetch(form.action, { method: "POST", body: new FormData(form, event.submitter) });
    await panel.follow();
  },
};

panel.part.addEventListener("submit", panel.act);
setInterval(panel.follow, 1000);
