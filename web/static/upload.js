// A firmware file goes up with its progress shown; fetch tells none, so it is an XMLHttpRequest.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-upload]")) return;
  event.preventDefault();
  const [file] = form.elements.file.files;
  if (file && file.size > Number(form.dataset.most)) return say(form, form.dataset.large); // told before it is sent
  const bar = form.querySelector("progress");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-Requested-With", "desk");
  request.setRequestHeader("X-CSRFToken", desk.token());
  request.responseType = "json";
  request.upload.addEventListener("progress", (sent) => {
    if (!sent.lengthComputable) return;
    bar.value = Math.floor((100 * sent.loaded) / sent.total);
    say(form, form.dataset.words.replace("{n}", bar.value));
  });
  request.addEventListener("load", () => ended(form, request));
  request.addEventListener("error", () => ended(form, null));
  bar.hidden = false;
  bar.value = 0;
  busy(form, true);
  request.send(new FormData(form));
});

function ended(form, request) {
  busy(form, false);
  form.querySelector("progress").hidden = true;
  const told = (request && request.response) || { error: form.dataset.lost };
  say(form, told.error || "");
  if (told.error) return;
  desk.tell(told.said || "");
  desk.renew();
}

function busy(form, on) {
  form.querySelector("button").toggleAttribute("disabled", on);
}

function say(form, text) {
  const place = form.querySelector("[data-says]");
  place.textContent = text;
  place.hidden = !text;
  if (text) place.scrollIntoView({ block: "nearest" });
}

// An earlier file brings its version along.
document.addEventListener("change", (event) => {
  const given = event.target.closest("form[data-upload] input");
  if (given) given.form.querySelector("button").scrollIntoView({ block: "nearest" }); // it is the next thing to touch
  const choice = event.target.closest("form[data-upload] input[name=upload]");
  if (!choice) return;
  const form = choice.form;
  form.elements.file.disabled = Boolean(choice.value);
  if (choice.dataset.version) form.elements.version.value = choice.dataset.version;
});
