// A session over time on a canvas: the signal, its sets and reps, and below it the drop with stance, threshold and events.
// Each channel has a pyramid of smallest and largest values: whatever the zoom, a frame draws about one pair a pixel.
const HZ = 100, UNKNOWN = -32768, SCALE = 100;
const FACTOR = 2;
const SHORTEST_S = 2;
const LEAST_DEG = 12; // of the lane, so that small movements look small
const TAP_PX = 6;
const GRIP_PX = 12; // an edge of the chosen rep is taken hold of so near

export function decode(buffer) {
  const [n, tilting] = new Uint32Array(buffer, 0, 2);
  return { n, tilting: tilting === 1, signal: pyramid(new Int16Array(buffer, 8, n)), drop: pyramid(new Int16Array(buffer, 8 + 2 * n, n)),
    stance: new Uint8Array(buffer, 8 + 4 * n, n) };
}

// [{step, low, high}, ...], each level FACTOR times coarser than the one before; UNKNOWN where nothing is known.
export function pyramid(values) {
  const levels = [{ step: 1, low: values, high: values }];
  while (levels.at(-1).low.length > 500) {
    const { step, low, high } = levels.at(-1), n = Math.ceil(low.length / FACTOR);
    const lows = new Int16Array(n), highs = new Int16Array(n);
    for (let k = 0; k < n; k++) {
      let least = 32767, most = UNKNOWN;
      for (let i = k * FACTOR; i < Math.min((k + 1) * FACTOR, low.length); i++) {
        if (high[i] === UNKNOWN) continue;
        if (low[i] < least) least = low[i];
        if (high[i] > most) most = high[i];
      }
      lows[k] = most === UNKNOWN ? UNKNOWN : least;
      highs[k] = most;
    }
    levels.push({ step: step * FACTOR, low: lows, high: highs });
  }
  return levels;
}

function span(levels) {
  const { low, high } = levels.at(-1);
  let least = Infinity, most = -Infinity;
  for (let k = 0; k < low.length; k++) if (high[k] !== UNKNOWN) { least = Math.min(least, low[k]); most = Math.max(most, high[k]); }
  return most < least ? null : [least / SCALE, most / SCALE];
}

// The span inside the sets: bows and lying down go farther, and would press the reps flat. They run along the lane's edge.
function within([{ low }], sets) {
  let least = Infinity, most = -Infinity;
  for (const set of sets)
    for (let k = Math.floor(set.start * HZ); k < Math.min(set.end * HZ, low.length); k++)
      if (low[k] !== UNKNOWN) { least = Math.min(least, low[k]); most = Math.max(most, low[k]); }
  const middle = (least + most) / 2 / SCALE, half = Math.max(0.65 * (most - least) / SCALE, LEAST_DEG / 2);
  return most > least ? [middle - half, middle + half] : null;
}

export class Strip {
  constructor(canvas, data, words, tapped, moved) { // moved: told of a chosen rep's new edges, {start_s} or {end_s}
    Object.assign(this, { canvas, words, tapped, edgeMoved: moved, sets: [], chosen: null, edge: null, pointers: new Map(), frames: 0 });
    this.take(data);
    this.from = 0; this.to = this.seconds;
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(canvas);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", this.later = () => { this.colours = null; this.draw(); });
    this.listen();
  }
  end() { this.watch.disconnect(); this.dark.removeEventListener("change", this.later); }
  take(data) { // samples as `decode` has them; what was recorded is as long as ever
    this.data = data;
    this.seconds = Math.max(data.n / HZ, SHORTEST_S);
    this.range = span(data.signal) ?? [0, 1];
    this.dropRange = span(data.drop);
  }
  show(sets, chosen) {
    if (this.sets !== sets) this.range = within(this.data.signal, sets) ?? span(this.data.signal) ?? [0, 1];
    this.sets = sets; this.chosen = chosen;
    this.draw();
  }
  whole() { this.look(0, this.seconds); }
  zoom(factor, at = (this.from + this.to) / 2) { this.look(at - (at - this.from) * factor, at + (this.to - at) * factor); }
  look(from, to) {
    const wide = Math.min(Math.max(to - from, SHORTEST_S), this.seconds);
    const middle = (from + to) / 2;
    this.from = Math.min(Math.max(middle - wide / 2, 0), this.seconds - wide);
    this.to = this.from + wide;
    this.draw();
  }
  x(t) { return ((t - this.from) / (this.to - this.from)) * this.width; }
  time(x) { return this.from + (x / this.width) * (this.to - this.from); }
  draw() { if (!this.asked) { this.asked = true; requestAnimationFrame(() => { this.asked = false; this.paint(); }); } }

  paint() {
    const ratio = window.devicePixelRatio || 1, box = this.canvas.getBoundingClientRect();
    if (!box.width) return;
    const w = Math.round(box.width * ratio), h = Math.round(box.height * ratio);
    if (this.canvas.width !== w || this.canvas.height !== h) { this.canvas.width = w; this.canvas.height = h; }
    this.width = box.width; this.height = box.height; this.frames += 1;
    const c = this.c = this.canvas.getContext("2d");
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, box.width, box.height);
    c.font = "12px system-ui, sans-serif";
    this.colours ??= this.read();
    const bottom = this.height - 20, split = this.dropRange ? 22 + 0.56 * (bottom - 22) : bottom;
    this.lanes = { top: 22, split, bottom };
    this.axis();
    for (const set of this.sets) if (set.end > this.from && set.start < this.to) this.set(set);
    this.channel(this.data.signal, this.range, 26, split - 8, this.colours.ink);
    this.label(this.data.tilting ? this.words.tilt_signal : this.words.lean_signal, 34);
    if (this.dropRange) this.drop(split + 6, bottom - 4);
  }
  read() {
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(["ink", "soft", "rule", "left", "right", "event", "event-word", "wash", "paper", "link", "pause"].map((k) => [k, style.getPropertyValue(`--${k}`).trim()]));
  }
  label(word, y) {
    const c = this.c;
    c.textAlign = "left"; c.lineWidth = 3; c.strokeStyle = this.colours.paper; c.strokeText(word, 6, y); c.fillStyle = this.colours.soft; c.fillText(word, 6, y);
  }
  axis() {
    const c = this.c, wide = this.to - this.from;
    const step = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800].find((s) => (s / wide) * this.width > 64) ?? 3600;
    c.fillStyle = this.colours.soft; c.strokeStyle = this.colours.rule; c.lineWidth = 1; c.textAlign = "center";
    for (let t = Math.ceil(this.from / step) * step; t <= this.to; t += step) {
      const x = Math.round(this.x(t)) + 0.5;
      c.beginPath(); c.moveTo(x, this.lanes.top); c.lineTo(x, this.lanes.bottom); c.stroke();
      const word = `${Math.floor(t / 60)}:${(t % 60).toFixed(step < 1 ? 1 : 0).padStart(step < 1 ? 4 : 2, "0")}`;
      if (x > 14 && x < this.width - 14) c.fillText(word, x, this.height - 5);
    }
  }
  set(set) {
    const c = this.c, a = Math.max(this.x(set.start), -5), b = Math.min(this.x(set.end), this.width + 5), { top, split } = this.lanes;
    c.fillStyle = this.colours.wash;
    c.fillRect(a, 0, Math.max(b - a, 2), this.lanes.bottom);
    const each = set.reps.length ? (this.x(set.reps[0].end_s) - this.x(set.reps[0].start_s)) : 0;
    if (each > 4) set.reps.forEach((rep, k) => this.rep(set, rep, k, each, top, split));
    c.font = "600 12px system-ui, sans-serif"; c.fillStyle = this.colours.ink; c.textAlign = "left";
    if (b - a > 26) {
      const word = b - a > 150 ? `${set.n}  ${set.title}, ${set.counted}` : b - a > 70 ? set.counted : String(set.n);
      c.save(); c.beginPath(); c.rect(a, 0, b - a, 20); c.clip(); c.fillText(word, Math.max(a, 0) + 5, 14); c.restore();
    }
    c.font = "12px system-ui, sans-serif";
  }
  rep(set, rep, k, each, top, split) { // out in the paper's colour, the pause at the turn shaded, back as the set; the chosen one framed
    const chosen = this.chosen && this.chosen.set === set.n && this.chosen.rep === k, held = chosen && this.edge ? this.edge.at : {};
    const c = this.c, a = this.x(held.start_s ?? rep.start_s), b = this.x(held.end_s ?? rep.end_s);
    if (b < 0 || a > this.width) return;
    if (each > 14 && rep.out_s != null) {
      const turn = this.x(rep.start_s + rep.out_s), back = this.x(rep.start_s + rep.out_s + (rep.pause_s ?? 0));
      c.fillStyle = this.colours.paper; c.globalAlpha = 0.75; c.fillRect(a, top, turn - a, split - top); c.globalAlpha = 1;
      if (back - turn > 0.5) { c.fillStyle = this.colours.pause; c.globalAlpha = 0.55; c.fillRect(turn, top, back - turn, split - top); c.globalAlpha = 1; }
    }
    c.strokeStyle = this.colours.pause; c.lineWidth = 1;
    c.beginPath(); c.moveTo(a, top); c.lineTo(a, split); c.moveTo(b, top); c.lineTo(b, split); c.stroke();
    if (chosen) { c.strokeStyle = this.colours.link; c.lineWidth = 3; c.strokeRect(a, top, b - a, this.lanes.bottom - top - 2); if (this.edge || this.apart(rep)) this.grips(a, b, top, split); }
    if (each > 20) { c.fillStyle = chosen ? this.colours.link : this.colours.soft; c.textAlign = "center"; c.fillText(k + 1, (a + b) / 2, split - 1); }
  }
  apart(rep) { return this.x(rep.end_s) - this.x(rep.start_s) > 3 * GRIP_PX; } // so that there is room between its edges to pan
  grips(a, b, top, split) {
    const c = this.c, y = (top + split) / 2;
    c.fillStyle = this.colours.link;
    for (const x of [a, b]) { c.beginPath(); c.roundRect(x - 4, y - 15, 8, 30, 4); c.fill(); }
  }
  grip(x) { // the edge of the chosen rep at a place, if it can be moved
    const set = this.sets.find((one) => one.n === this.chosen?.set), rep = set?.reps[this.chosen.rep];
    if (!rep || !this.edgeMoved || !this.apart(rep)) return null;
    const near = ["start_s", "end_s"].map((key) => [Math.abs(this.x(rep[key]) - x), key]).sort((p, q) => p[0] - q[0])[0];
    return near[0] <= GRIP_PX ? { key: near[1], rep, at: {} } : null;
  }
  hold(x) { // an edge goes as far as the turn, which it can't take away
    const { key, rep, at } = this.edge, t = Math.min(Math.max(this.time(x), 0), this.seconds);
    at[key] = Math.round(100 * (key === "start_s" ? Math.min(t, rep.turn_s - 0.05) : Math.max(t, rep.turn_s + 0.05))) / 100;
    this.draw();
  }
  channel(levels, [least, most], top, bottom, colour, part) {
    const c = this.c, perPixel = ((this.to - this.from) * HZ) / this.width;
    let level = levels[0];
    for (const one of levels) if (one.step <= 1.5 * perPixel) level = one;
    const first = Math.max(Math.floor((this.from * HZ) / level.step) - 1, 0), last = Math.min(Math.ceil((this.to * HZ) / level.step) + 1, level.low.length);
    const y = (v) => bottom - Math.min(Math.max((v / SCALE - least) / Math.max(most - least, 1e-6), 0), 1) * (bottom - top);
    c.strokeStyle = colour; c.lineWidth = level.step > 1 ? 1 : 1.5; c.lineJoin = level.step > 1 ? "bevel" : "round"; c.beginPath();
    let open = false;
    for (let k = first; k < last; k++) {
      const high = level.high[k], known = high !== UNKNOWN && (!part || this.data.stance[Math.min(k * level.step, this.data.n - 1)] === part);
      if (!known) { open = false; continue; }
      const x = this.x(((k + 0.5) * level.step) / HZ);
      if (open) c.lineTo(x, y(high)); else c.moveTo(x, y(high) - 0.01);
      if (level.step > 1) c.lineTo(x, y(level.low[k]));
      else if (!open) c.lineTo(x, y(high));
      open = true;
    }
    c.stroke();
  }
  drop(top, bottom) {
    const c = this.c, threshold = Math.max(0, ...this.sets.map((s) => s.threshold ?? 0));
    const range = [Math.min(this.dropRange[0], -2), Math.max(this.dropRange[1], threshold + 2)];
    const y = (v) => bottom - ((v - range[0]) / (range[1] - range[0])) * (bottom - top);
    c.strokeStyle = this.colours.soft; c.lineWidth = 1; c.beginPath(); c.moveTo(0, y(0)); c.lineTo(this.width, y(0)); c.stroke();
    for (const set of this.sets) {
      const limit = set.threshold;
      if (limit == null || set.end < this.from || set.start > this.to) continue;
      c.fillStyle = this.colours.event;
      for (const [a, b, , , certain] of set.events) { // a column from the threshold to the lane's top, so that it shows at any zoom
        c.globalAlpha = certain ? 0.28 : 0.12;
        c.fillRect(this.x(a), top, Math.max(this.x(b) - this.x(a), 1.5), y(limit) - top);
      }
      c.globalAlpha = 1; c.strokeStyle = this.colours.event; c.setLineDash([5, 4]);
      c.beginPath(); c.moveTo(this.x(set.start), y(limit)); c.lineTo(this.x(set.end), y(limit)); c.stroke(); c.setLineDash([]);
    }
    this.channel(this.data.drop, range, top, bottom, this.colours.left, 1);
    this.channel(this.data.drop, range, top, bottom, this.colours.right, 2);
    this.label(threshold ? `${this.words.drop_signal}, ${this.words.threshold} ${threshold}°` : this.words.drop_signal, top + 12);
  }

  hit(x) {
    const t = this.time(x);
    for (const set of this.sets) {
      if (t < set.start || t >= set.end) continue;
      const rep = set.reps.findIndex((r) => t >= r.start_s && t < r.end_s);
      return { set: set.n, rep };
    }
    return null;
  }
  listen() {
    const at = (e) => e.clientX - this.canvas.getBoundingClientRect().left;
    this.canvas.addEventListener("wheel", (e) => {
      e.preventDefault();
      if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) { const move = (e.deltaX / this.width) * (this.to - this.from); this.look(this.from + move, this.to + move); }
      else this.zoom(Math.exp(e.deltaY * 0.002), this.time(at(e)));
    }, { passive: false });
    this.canvas.addEventListener("pointerdown", (e) => {
      this.canvas.setPointerCapture(e.pointerId);
      this.edge = this.pointers.size ? null : this.grip(at(e));
      this.pointers.set(e.pointerId, at(e));
      this.moved = this.pointers.size > 1 ? Infinity : 0;
    });
    this.canvas.addEventListener("pointermove", (e) => {
      const before = this.pointers.get(e.pointerId), now = at(e);
      if (before === undefined) { this.canvas.style.cursor = this.grip(now) ? "ew-resize" : ""; return; }
      if (this.edge) { this.moved += Math.abs(now - before); this.pointers.set(e.pointerId, now); if (this.moved > TAP_PX / 2) this.hold(now); return; }
      const others = [...this.pointers].filter(([id]) => id !== e.pointerId).map(([, x]) => x);
      if (others.length) {
        const apart = Math.abs(now - others[0]), was = Math.abs(before - others[0]);
        if (apart > 4 && was > 4) this.zoom(was / apart, this.time((now + others[0]) / 2));
      } else {
        this.moved += Math.abs(now - before);
        const move = ((before - now) / this.width) * (this.to - this.from);
        if (this.moved > TAP_PX) this.look(this.from + move, this.to + move);
      }
      this.pointers.set(e.pointerId, now);
    });
    for (const kind of ["pointerup", "pointercancel"]) this.canvas.addEventListener(kind, (e) => {
      const edge = this.edge;
      this.edge = null;
      if (edge && Object.keys(edge.at).length) { if (kind === "pointerup") this.edgeMoved(edge.at); this.draw(); }
      else if (kind === "pointerup" && this.pointers.has(e.pointerId) && this.moved <= TAP_PX) this.tapped(this.hit(at(e)));
      this.pointers.delete(e.pointerId);
    });
    this.canvas.addEventListener("keydown", (e) => {
      const step = (this.to - this.from) / 5;
      const act = { ArrowLeft: () => this.look(this.from - step, this.to - step), ArrowRight: () => this.look(this.from + step, this.to + step),
        "+": () => this.zoom(0.6), "=": () => this.zoom(0.6), "-": () => this.zoom(1.6), "0": () => this.whole() }[e.key];
      if (act) { e.preventDefault(); act(); }
    });
  }
}
