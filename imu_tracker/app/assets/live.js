// The Live page: choose, get ready, do, see. It holds nothing: what it shows is what the server said last.
import { svg, limits } from "/assets/pelvis.js";
import { bar } from "/assets/bar.js";
import * as sound from "/assets/sound.js";
import { template as setup, methods as setupMethods, data as setupData } from "/assets/setup.js";

const RUNNING = ["calibrating", "running"];
const ALARM_MS = 1500;
const STALE_MS = 3000; // a word comes at least once a second

const head = bar("live", `<button class="quiet sound" @click="toggleSound" :aria-pressed="!silent" :title="soundWord"><svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M4 9v6h4l6 5V4L8 9z"/><path v-if="silent" class="line" d="M17 9l5 6M22 9l-5 6"/><path v-else class="line" :class="{faint: !awake}"
      d="M17 8.5a5 5 0 0 1 0 7M19.5 6a8.5 8.5 0 0 1 0 12"/></svg><span>{{ soundWord }}</span></button>`);

const guide = `
<main class="guide" v-else-if="f.phase === 'connecting' || f.phase === 'calibrating'">
  <p class="soft">{{ f.title }}<template v-if="f.side">, {{ t[f.side] }}</template><template v-if="want">: {{ want }}</template></p>
  <svg viewBox="0 0 120 190" :class="f.stage" aria-hidden="true"><g class="trunk"><circle cx="60" cy="22" r="14"/><path d="M60,40 L60,96 M60,50 L44,88 M60,50 L76,88"/></g>
    <path d="M60,96 L48,180 M60,96 L72,180"/></svg>
  <p class="big" role="status" :class="{busy: f.phase === 'connecting'}">{{ f.phase === 'connecting' ? t.connecting : f.said }}</p>
  <div class="sensors" style="justify-content:center"><span v-for="s in f.sensors" :class="{off: !s.on && s.begun}">{{ sensor(s) }}</span></div>
  <div class="row" style="justify-content:center"><button v-if="f.phase === 'calibrating'" @click="$emit('skip')">{{ t.skip }}</button>
    <button class="quiet" @click="end" :class="{sure: ending}">{{ ending ? t.end_sure : t.end }}</button></div>
</main>`;

const stage = `
<main class="stage" v-else-if="f.phase === 'running'">
  <div class="head"><h1>{{ f.seen ? f.seen[0] : f.title }}<template v-if="f.side">, {{ t[f.side] }}</template>
      <small v-if="f.seen" class="soft"> {{ Math.round(100 * f.seen[1]) }} % {{ t.sure }}</small></h1>
    <span class="clock num">{{ clock(f.t) }}</span>
    <p class="want" v-if="want || f.plan"><template v-if="f.plan">{{ f.plan.over ? t.all_done : (f.working ? t.set : t.next_set) + ' ' + (f.plan.at + 1) + ' ' + t.of + ' ' + f.plan.steps.length + ': ' }}</template>
      <b v-if="!f.plan?.over">{{ want }}</b></p>
    <details class="steps" v-if="f.plan" ref="steps"><summary>{{ t.sets_of_plan }}</summary><ol><li v-for="(s, k) in f.plan.steps"><button @click="jump(k)" :aria-pressed="k === f.plan.at" :class="{done: s.done}">
      <span class="grow">{{ s.title }}<template v-if="s.side">, {{ t[s.side] }}</template></span><span class="num">{{ s.done ? '✓ ' + s.done : s.want }}</span></button></li></ol></details></div>
  <section class="count" :class="['w' + big.length, mood]"><div>
      <b aria-hidden="true">{{ big }}</b><small>{{ below }}</small></div>
    <p class="hidden" aria-live="polite">{{ big }} {{ f.hold ? '' : f.noun }}</p></section>
  <div class="side">
    <section class="card pelvis" :class="{past: f.past || alarmed}">${svg}
      <p class="word num">{{ pelvisWord }}</p><p class="fine">{{ t.pelvis }}, {{ t.steeper }}</p></section>
    <section class="card tempo" v-if="!f.hold"><div class="words"><span class="soft">{{ t.a }} {{ f.one }}</span>
        <b class="num">{{ f.took == null ? '–' : f.took.toFixed(1) + ' s' }}</b></div>
      <div class="scale" v-if="f.pace || f.tempo"><i v-if="f.tempo" class="aim" :style="{left: at(f.tempo)}"></i>
        <i v-else :style="{left: at(f.pace[0]), right: 'calc(100% - ' + at(f.pace[1]) + ')'}"></i>
        <u v-if="f.took != null" :style="{left: at(f.took)}"></u></div>
      <p class="soft use aim" v-if="f.tempo">{{ t.asked }} {{ f.tempo.toFixed(1) }} s: {{ f.phases }}</p>
      <p class="soft use" v-else-if="f.pace">{{ t.pace }} {{ f.pace[0] }}–{{ f.pace[1] }} s<template
        v-if="f.cadence">, {{ f.cadence }} {{ t.per_minute }}</template></p></section>
  </div>
  <div class="facts">
    <span class="fact" v-if="f.tension != null && !f.hold"><b>{{ clock(f.tension) }}</b><span class="soft">{{ t.tension }}</span></span>
    <span class="fact" v-if="f.rest != null && f.working"><b>{{ clock(f.rest) }}</b><span class="soft">{{ t.rest }}</span></span>
    <div class="sensors"><span v-for="s in f.sensors" :class="{off: !s.on}">{{ sensor(s) }}</span></div>
    <ol class="told" v-if="f.sets && f.sets.length"><li v-for="s in f.sets.slice(-3)"><span class="soft">{{ t.set }} {{ s.n }}</span> <b>{{ s.counted }}</b>
      <span v-if="s.peak != null" :class="{event: s.drops}">{{ ' ' + t.drop }} {{ s.peak.toFixed(1) }}°</span></li></ol>
    <p v-for="n in f.notices" class="notice" style="flex-basis:100%">{{ n }}</p>
    <button class="end" @click="end" :class="{sure: ending}">{{ ending ? t.end_sure : t.end }}</button>
  </div>
</main>`;

const over = `
<main class="narrow stack" v-else>
  <h1 :class="{busy: f.phase === 'finishing'}" role="status">{{ t[f.phase] }}</h1>
  <p v-if="f.trouble" class="notice bad">{{ f.trouble }}</p>
  <p v-else-if="f.phase === 'over' && !f.kept" class="notice">{{ t.nothing_kept }}</p>
  <section class="card" v-if="f.sets && f.sets.length"><h2>{{ t.sets }}</h2><table><tbody><tr v-for="s in f.sets"><td class="soft num" style="text-align:left">{{ s.n }}</td>
    <td>{{ s.exercise }}<span class="soft" v-if="s.sure != null">{{ ' ' + Math.round(100 * s.sure) }} %</span></td><td><b>{{ s.counted }}</b></td><td>{{ s.side }}</td>
    <td class="num"><span v-if="s.peak != null" :class="{event: s.drops}">{{ t.drop }} {{ s.peak.toFixed(1) }}°</span></td></tr></tbody></table></section>
  <div class="row" v-if="f.phase !== 'finishing'"><a v-if="f.kept" :href="'/session/' + f.kept"><button class="main">{{ t.see }}</button></a>
    <button @click="$emit('leave')" :class="{main: !f.kept}">{{ t.again }}</button></div>
</main>`;

export default {
  props: { t: Object, frame: Object, offer: Object },
  template: `<div class="page live" @pointerdown="wake">${head}${setup}${guide}${stage}${over}
    <p class="lost" role="alert" v-if="lost">{{ t.page_lost }}</p></div>`,
  data() {
    return { f: { ...this.frame }, silent: sound.isSilent(), awake: false, lost: false, ending: false, alarmed: 0, heard: 0, ...setupData(this.offer) };
  },
  computed: {
    ...limits,
    soundWord() { return this.silent ? this.t.sound_off : this.awake ? this.t.sound_on : this.t.sound_tap; },
    entry() { return this.offer.exercises.find((e) => e.name === this.exercise); },
    how() { return this.entry?.how; },
    ready() { return this.offer.demo || (this.found || []).some((s) => this.worn[s.address]); },
    big() {
      if (this.f.hold && this.f.working) return this.clock(this.f.held ?? 0);
      if (!this.f.working && this.f.rest != null) return this.clock(this.f.rest);
      return String(this.f.count ?? 0);
    },
    mood() {
      if (!this.f.working) return "idle";
      if (!this.f.firm) return "provisional";
      if (this.f.resting) return "resting";
      return this.f.target && (this.f.hold ? this.f.held ?? 0 : this.f.count) >= this.f.target ? "done" : "";
    },
    below() {
      const f = this.f, t = this.t;
      const last = f.sets?.at(-1);
      if (!f.working) return f.rest == null ? t.waiting : last ? `${t.rest} · ${t.set.toLowerCase()} ${last.n}: ${last.counted}` : t.rest;
      if (f.hold) return (f.resting ? t.held : t.hold_on) + (f.target ? ` ${t.of} ${this.clock(f.target)}` : "");
      const counted = f.target ? `${t.of} ${f.target} ${f.noun}` : f.noun;
      if (!f.firm) return `${counted}, ${t.not_sure}`;
      return f.resting ? `${counted}, ${t.resting}` : counted;
    },
    want() { // what is asked of the set, but for its name and side
      const f = this.f;
      return [f.target && (f.hold ? this.clock(f.target) : `${f.target} ${f.noun}`), f.paced && `${this.t.tempo.toLowerCase()} ${f.paced.join("–")} s`, f.load].filter(Boolean).join(" · ");
    },
    pelvisWord() {
      const f = this.f, t = this.t;
      if (this.alarmed) return `${t.drop} +${f.dropped}°`;
      if (f.level == null) return t.pelvis_unknown;
      if (f.drop != null) return `${t.drop} ${f.drop > 0 ? "+" : ""}${f.drop}°`.replace("-", "−");
      if (Math.abs(f.level) < 1) return t.level;
      return `${Math.round(Math.abs(f.level))}° ${f.level > 0 ? t.left_up : t.right_up}`;
    },
  },
  mounted() {
    this.look();
    this.heard = performance.now();
    this.watching = setInterval(() => {
      const stale = RUNNING.includes(this.f.phase) && performance.now() - this.heard > STALE_MS;
      this.lost = stale || (performance.now() > 5000 && window.socket?.connected === false);
    }, 500);
  },
  unmounted() { clearInterval(this.watching); },
  methods: {
    ...setupMethods,
    feed(delta) {
      this.heard = performance.now();
      const before = this.f.told;
      Object.assign(this.f, delta);
      if (delta.told && before) {
        if (delta.told[1] > before[1]) this.alarm();
        else if (delta.told[0] > before[0]) sound.click();
      }
      if (delta.phase === "idle") this.look();
    },
    alarm() { // shown for long enough to be seen by who is busy
      sound.alarm();
      clearTimeout(this.alarmed);
      this.alarmed = setTimeout(() => { this.alarmed = 0; }, ALARM_MS);
    },
    clock(s) {
      const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60, rest = String(Math.floor(s % 60)).padStart(2, "0");
      return h ? `${h}:${String(m).padStart(2, "0")}:${rest}` : `${m}:${rest}`;
    },
    at(seconds) { return `${Math.min(100, (100 * seconds) / (this.f.tempo ? 2 * this.f.tempo : 1.6 * this.f.pace[1]))}%`; },
    jump(k) { this.$refs.steps.open = false; this.$emit("jump", k); },
    sensor(s) {
      const parts = [s.where];
      if (!s.on) parts.push(s.begun ? this.t.reconnecting : this.t.connecting);
      else if (s.hz != null) parts.push(`${s.hz} Hz`);
      if (s.battery != null) parts.push(`${this.t.battery} ${Math.round(s.battery)} %`);
      if (s.lost) parts.push(`${this.t.lost} ${s.lost}`);
      if (s.trouble && !s.on) parts.push(s.trouble);
      return parts.join(" · ");
    },
    wake() { sound.wake(); setTimeout(() => { this.awake = sound.isAwake(); }, 100); },
    toggleSound() { if (this.awake || this.silent) { this.silent = !this.silent; sound.setSilent(this.silent); } },
    end() { // twice, so that a sleeve doesn't
      if (this.ending) { this.ending = false; this.$emit("end"); return; }
      this.ending = true;
      setTimeout(() => { this.ending = false; }, 3000);
    },
  },
};
