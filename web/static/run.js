// The page of a run: prompts take the screen and the focus, what changed is heard, the end opens the results.
"use strict";

const stage = {
  before: null,
  focused: null, // where the focus was before a prompt
  askedAt: 0,
  rangAt: 0,
  sentAt: 0,
  said: 0,
  noted: false,

  facts() {
    const { run, state, failed, prompt, proof, results } = document.getElementById("facts").dataset;
    return { run, state, failed: Number(failed), prompt, proof, results };
  },

  renewed() {
    const now = stage.facts();
    const before = stage.before || { ...now, prompt: "" };
    const same = before.run === now.run;
    if (now.prompt !== before.prompt) stage.prompted(now.prompt);
    if (now.proof && now.proof !== before.proof) sound.play("proved");
    if (same && now.failed > before.failed) sound.play("failed");
    if (same && before.state !== "over" && now.state === "over") stage.ended(now);
    awake.keep(now.state === "running" || now.state === "stopping");
    stage.before = now;
  },

  prompted(prompt) {
    document.documentElement.classList.toggle("has-prompt", Boolean(prompt));
    document.querySelector(".dk-bar").inert = Boolean(prompt);
    if (!prompt) return stage.giveBack();
    if (stage.noted || Date.now() - stage.sentAt > 4000) desk.tell(""); // what was said of an earlier prompt
    if (!stage.focused) stage.focused = document.activeElement;
    document.getElementById("act").focus(); // a stray Enter must not answer
    stage.askedAt = Date.now();
    stage.ring();
  },

  giveBack() {
    const there = stage.focused && stage.focused.isConnected && stage.focused !== document.body;
    const place = there ? stage.focused : document.getElementById("now");
    stage.focused = null;
    if (place) place.focus({ preventScroll: true });
  },

  ring() {
    stage.rangAt = Date.now();
    sound.play("act");
  },

  // Every 5 s, after half a minute every 3 s.
  ringAgain() {
    if (!stage.before || !stage.before.prompt) return;
    const every = Date.now() - stage.askedAt > 30000 ? 3000 : 5000;
    if (Date.now() - stage.rangAt >= every) stage.ring();
  },

  ended(now) {
    if (!now.results) return;
    sound.play("done");
    setTimeout(() => location.assign(now.results), 900);
  },

  // The bar of a prompt's time, and the time as spoken at 60, 30 and 10 s.
  tick() {
    const timer = document.querySelector("#prompt [data-due]") || document.querySelector("#run [data-due]");
    if (!timer) return;
    const [minutes, seconds] = timer.textContent.split(":").map(Number);
    const left = minutes * 60 + seconds;
    const bar = document.querySelector("[data-drain]");
    if (bar) bar.setAttribute("width", Math.min(348, (348 * left) / Number(bar.dataset.drain)).toFixed(1));
    const words = document.getElementById("spoken");
    if ([60, 30, 10].includes(left) && stage.said !== left) words.textContent = words.dataset.words.replace("{n}", left);
    stage.said = left;
  },
};

// The screen stays on while a run goes on, where the browser lets pages ask for it: over TLS alone.
const awake = {
  lock: null,
  wanted: false,

  async keep(wanted) {
    awake.wanted = wanted;
    if (!navigator.wakeLock || document.hidden) return;
    if (wanted && !awake.lock) {
      awake.lock = "asked";
      awake.lock = await navigator.wakeLock.request("screen").catch(() => null); // a low battery may refuse
      if (awake.lock) awake.lock.addEventListener("release", () => (awake.lock = null));
      if (awake.lock && !awake.wanted) awake.lock.release();
    } else if (!wanted && awake.lock && awake.lock.release) {
      awake.lock.release();
      awake.lock = null;
    }
  },
};

document.addEventListener("visibilitychange", () => awake.keep(awake.wanted)); // hidden pages lose it
document.addEventListener("desk:renewed", (event) => {
  if (event.detail.id === "run") stage.renewed();
});
document.addEventListener("desk:sent", (event) => {
  stage.sentAt = Date.now();
  stage.noted = Boolean(event.detail.told.noted); // said in passing, and of no use to the next prompt
});
document.addEventListener("click", (event) => {
  if (event.target.id === "told") desk.tell("");
});
document.addEventListener("DOMContentLoaded", () => {
  stage.renewed();
  setInterval(stage.tick, 500);
  setInterval(stage.ringAgain, 500);
});
