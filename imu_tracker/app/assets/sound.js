// A click for each rep and a tone when the pelvis drops. Browsers allow sound after the first tap on the page.
const KEY = "imu-tracker-silent";
let context = null;
let silent = localStorage.getItem(KEY) === "1";

export function isSilent() { return silent; }
export function isAwake() { return context !== null && context.state === "running"; }

export function setSilent(wanted) {
  silent = wanted;
  localStorage.setItem(KEY, wanted ? "1" : "0");
}

export function wake() {
  context ??= new (window.AudioContext || window.webkitAudioContext)();
  if (context.state === "suspended") context.resume();
}

function sound(from, to, seconds, loud, shape) {
  if (silent || !isAwake()) return;
  const now = context.currentTime, voice = context.createOscillator(), volume = context.createGain();
  voice.type = shape;
  voice.frequency.setValueAtTime(from, now);
  voice.frequency.exponentialRampToValueAtTime(to, now + seconds);
  volume.gain.setValueAtTime(loud, now);
  volume.gain.exponentialRampToValueAtTime(0.001, now + seconds);
  voice.connect(volume).connect(context.destination);
  voice.start(now);
  voice.stop(now + seconds);
}

export function click() { sound(1400, 900, 0.06, 0.5, "triangle"); }

export function alarm() {
  sound(520, 260, 0.45, 0.6, "square");
  if (!silent && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([180, 60, 180]);
}
