// Sound and vibration: a person at a loud site hears that something is to be done. Unlocked by 启动测试.
"use strict";

const sound = {
  context: null,

  // Frequency in Hz and length in ms, one after the other.
  tones: {
    act: [[1800, 180], [2400, 180]],
    proved: [[2400, 120]],
    failed: [[2000, 300], [1400, 300]],
    done: [[1600, 120], [2000, 120], [2400, 120]],
  },
  shakes: { act: [400, 150, 400, 150, 800], proved: [120], failed: [800], done: [150, 100, 150, 100, 150], stopped: [60] },

  // Only a touch may do this.
  async unlock() {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (!Context) return;
    sound.context = sound.context || new Context();
    await sound.context.resume();
    sound.show(sound.context.state === "running");
  },

  async lock() {
    if (sound.context) await sound.context.suspend();
    sound.show(false);
  },

  show(on) {
    document.documentElement.classList.toggle("has-sound", on);
  },

  play(name) {
    const touched = !navigator.userActivation || navigator.userActivation.hasBeenActive;
    if (navigator.vibrate && touched) navigator.vibrate(sound.shakes[name]);
    if (!sound.context || sound.context.state !== "running") return;
    let at = sound.context.currentTime + 0.02;
    for (const [hertz, ms] of sound.tones[name] || []) {
      sound.tone(hertz, at, ms / 1000);
      at += ms / 1000 + 0.02;
    }
  },

  // A square wave carries further from a small speaker than a sine; soft edges, so that it does not click.
  tone(hertz, at, seconds) {
    const wave = sound.context.createOscillator();
    const volume = sound.context.createGain();
    wave.type = "square";
    wave.frequency.value = hertz;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.5, at + 0.008);
    volume.gain.setValueAtTime(0.5, at + seconds - 0.008);
    volume.gain.linearRampToValueAtTime(0, at + seconds);
    wave.connect(volume).connect(sound.context.destination);
    wave.start(at);
    wave.stop(at + seconds);
  },
};

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-unlocks]")) sound.unlock();
  if (event.target.matches("form[data-stops]")) sound.play("stopped");
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-sound]")) return;
  if (document.documentElement.classList.contains("has-sound")) sound.lock();
  else sound.unlock();
});
