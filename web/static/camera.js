// The camera in the page, or a photo in its place: pictures go to the desk, which says what it sees in them.
"use strict";

const EVERY = 450; // ms between two pictures, at the most
const WIDTH = 960; // px of a picture that is sent

const part = (name) => document.querySelector(`[data-camera${name ? "-" + name : ""}]`);

const camera = {
  box: null,
  stream: null,
  prompt: "",
  last: null, // the picture that was read last
  paused: false,
  turn: 0, // counts openings and closings: a stream that comes after its turn is not wanted any more

  async open() {
    const turn = (camera.turn += 1);
    const prompt = document.getElementById("prompt");
    const expected = document.getElementById("expected");
    camera.prompt = prompt.dataset.prompt;
    part("expected").textContent = expected ? expected.textContent : "–";
    camera.box.hidden = false;
    prompt.inert = true;
    desk.tell("");
    camera.other("");
    camera.say("starts");
    document.getElementById("camera-line").focus();
    try {
      const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1280 } };
      const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      if (turn !== camera.turn) return camera.release(stream);
      camera.stream = stream;
    } catch (error) {
      if (turn !== camera.turn) return;
      camera.close();
      document.documentElement.classList.remove("has-camera");
      return photo.say(camera.box.dataset.denied);
    }
    const video = camera.box.querySelector("video");
    video.srcObject = camera.stream;
    await video.play();
    camera.say("none");
    camera.look(video);
  },

  release(stream) {
    for (const track of stream.getTracks()) track.stop();
  },

  close() {
    camera.turn += 1;
    if (camera.stream) camera.release(camera.stream);
    camera.stream = null;
    camera.box.hidden = true;
    const prompt = document.getElementById("prompt");
    if (!prompt) return;
    prompt.inert = false;
    document.getElementById("act").focus();
  },

  say(word) {
    const place = part("says");
    const text = camera.box.dataset[word];
    if (place.textContent !== text) place.textContent = text;
  },

  other(read) {
    camera.paused = Boolean(read);
    camera.box.querySelector("[data-camera-other]").hidden = !read;
    part("read").textContent = read;
  },

  // One picture at a time: the next one goes when the desk has read the last.
  async look(video) {
    while (camera.stream) {
      const begun = performance.now();
      if (!camera.paused) await camera.once(video);
      await new Promise((done) => setTimeout(done, Math.max(80, EVERY - (performance.now() - begun))));
    }
  },

  async once(video) {
    camera.last = await camera.shot(video);
    if (!camera.last) return;
    try {
      const told = await send(camera.prompt, camera.last, false);
      if (camera.stream) camera.heard(told);
    } catch (error) {
      camera.say("lost");
    }
  },

  heard(told) {
    if (told.error) return void (part("says").textContent = told.error);
    if (told.seen === "none") return camera.say("none");
    if (told.seen !== "other") return camera.finished(told);
    camera.say("other");
    camera.other(told.read);
    camera.box.querySelector("[data-camera-sure]").focus();
  },

  finished(told) {
    if (told.seen === "same") camera.say("same");
    desk.tell(told.error || told.said || "", Boolean(told.error));
    camera.close();
    desk.renew();
  },

  shot(video) {
    if (!video.videoWidth) return null;
    const canvas = document.createElement("canvas");
    canvas.width = Math.min(WIDTH, video.videoWidth);
    canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  },

  async sure() {
    try {
      camera.finished(await send(camera.prompt, camera.last, true));
    } catch (error) {
      camera.say("lost");
    }
  },
};

const photo = {
  form: () => document.querySelector("form[data-photo]"),

  say(text, unsure = false) {
    const form = photo.form();
    if (!form) return;
    const place = form.querySelector("[data-says]");
    place.textContent = text;
    place.hidden = !text;
    const sure = form.querySelector("[data-sure]");
    sure.hidden = !unsure;
    if (text) (unsure ? sure : place).scrollIntoView({ block: "center" }); // the row below lies over the page
  },

  async send(sure) {
    const form = photo.form();
    const file = form.querySelector("input[type=file]").files[0];
    if (!file) return;
    if (file.size > Number(form.dataset.most)) return photo.say(form.dataset.large);
    photo.say(camera.box.dataset.reading);
    try {
      const told = await send(form.elements.prompt.value, file, sure);
      photo.say(told.error || told.said || "", told.seen === "other");
      if (!told.error && told.seen !== "none" && told.seen !== "other") desk.renew();
    } catch (error) {
      photo.say(camera.box.dataset.lost);
    }
  },
};

async function send(prompt, picture, sure) {
  const body = new FormData();
  body.append("prompt", prompt);
  body.append("picture", picture, picture.name || "camera.jpg");
  if (sure) body.append("sure", "1");
  return (await desk.fetch(camera.box.dataset.url, { method: "POST", body })).json();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-camera]")) camera.open();
  if (event.target.closest("[data-camera-close]")) camera.close();
  if (event.target.closest("[data-camera-on]")) camera.other("");
  if (event.target.closest("[data-camera-sure]")) camera.sure();
});
document.addEventListener("change", (event) => {
  if (event.target.id === "photo") photo.send(false);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-photo]")) return;
  event.preventDefault();
  photo.send(true);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !camera.box.hidden) camera.close();
});
document.addEventListener("desk:renewed", () => {
  const prompt = document.getElementById("prompt");
  if (camera.stream && (!prompt || prompt.dataset.prompt !== camera.prompt)) camera.close(); // somebody else was first
});
document.addEventListener("DOMContentLoaded", () => {
  camera.box = document.getElementById("camera");
  const can = window.isSecureContext && navigator.mediaDevices && navigator.mediaDevices.getUserMedia;
  document.documentElement.classList.toggle("has-camera", Boolean(can)); // plain http and WeChat give none
});
