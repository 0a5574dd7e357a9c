// Choosing sensors, and the plan's next set or exercise, side, target and tempo.
import { data as ask } from "/assets/bar.js";

export const template = `
<main class="narrow stack" v-if="f.phase === 'idle'">
  <h1>{{ t.setup }}</h1>
  <p v-if="problem" class="notice bad" role="alert">{{ problem }}</p>
  <section class="card stack" v-if="offer.demo"><p>{{ t.demo_source }}</p></section>
  <section class="card stack" v-else><div class="row"><h2 class="grow">{{ t.sensors }}</h2>
      <button @click="scan" :disabled="scanning" :class="{busy: scanning}">{{ scanning ? t.scanning : t.scan }}</button></div>
    <p v-if="!found && !scanning" class="soft">{{ t.not_scanned }}</p>
    <p v-else-if="found && !found.length && !scanning" class="notice">{{ t.none_heard }}</p>
    <div v-for="s in found || []" :key="s.address" class="row"><div class="grow"><b>{{ s.name }}</b><br><span class="soft">{{ s.kind }}</span></div>
      <span class="signal" role="img" :aria-label="t.signal + ' ' + s.rssi + ' dBm'"><i v-for="k in 5" :class="{on: k <= s.bars}" :style="{height: 20 * k + '%'}"></i></span>
      <select style="width:auto" v-model="worn[s.address]" :aria-label="s.name + ', ' + t.worn"><option value="">{{ t.not_used }}</option>
        <option v-for="p in offer.placements" :value="p[0]">{{ p[1] }}</option></select></div></section>
  <section class="card stack plan" v-if="plan"><div class="choices" role="radiogroup" :aria-label="t.plan">
      <label v-for="(word, way) in {plan: t.follow, hand: t.by_hand}"><input type="radio" name="by" :value="way" v-model="by"><span>{{ word }}</span></label></div>
    <div v-if="by === 'plan'"><label for="first">{{ t.next_set }}</label><select id="first" v-model.number="first"><option v-for="(s, k) in plan.steps" :value="k">{{ k + 1 }}. {{ s.title }}{{ s.side ? ', ' + t[s.side] : '' }}: {{ s.want }}</option></select></div></section>
  <p v-if="planProblem" class="notice">{{ planProblem }}</p>
  <section class="card stack" v-if="!plan || by === 'hand'"><div><label for="exercise">{{ t.exercise }}</label>
      <select id="exercise" v-model="exercise"><option value="">{{ t.tell_me }}</option>
        <option v-for="e in offer.exercises" :value="e.name">{{ e.title }}</option><optgroup v-if="own.length" :label="t.own_names"><option v-for="e in own" :value="e.name">{{ e.title }}</option></optgroup></select>
      <p class="soft" style="margin-top:.5rem" v-if="how">{{ how }}</p>
      <p class="soft" style="margin-top:.5rem" v-else-if="!exercise && offer.model">{{ t.named_by }} {{ offer.model }}</p></div>
    <div class="row"><div class="grow"><label id="side">{{ t.side }}</label><div class="choices" role="radiogroup" aria-labelledby="side">
        <label v-for="s in ['', 'left', 'right']"><input type="radio" name="side" :value="s" v-model="side"><span>{{ s ? t[s] : t.either }}</span></label></div></div>
      <div><label for="target">{{ t.target }}</label><input id="target" type="number" inputmode="numeric" min="1" max="999" v-model="target" :placeholder="t.no_target"></div></div>
    <div v-if="entry && !entry.hold"><label id="tempo">{{ t.tempo }}, s</label><div class="row tempos" role="group" aria-labelledby="tempo"><span v-for="(word, k) in entry.phases"><label :for="'tempo' + k">{{ word }}</label>
      <input :id="'tempo' + k" type="number" inputmode="decimal" min="0" max="60" step="0.5" v-model="tempo[k]" :placeholder="t.not_said"></span></div></div></section>
  <div class="row"><button class="main" @click="start" :disabled="!ready || !looked">{{ offer.demo ? t.start_demo : t.start }}</button>
    <span class="soft" v-if="!ready">{{ t.choose_sensor }}</span></div>
</main>`;

export function data(offer) {
  return { own: [], plan: null, planProblem: "", looked: false, by: "plan", first: 0, tempo: ["", "", ""], found: null, scanning: false, problem: "", worn: {}, exercise: offer.exercise || "", side: "", target: "" };
}

export const methods = {
  async look() { // at the plan; one that can't be read is told, and in nobody's way
    try {
      const plan = await ask("plan");
      this.plan = plan.steps.length ? plan : null;
      this.planProblem = "";
    } catch (e) { this.planProblem = e.message; }
    this.looked = true;
    this.own = await ask("own").catch(() => []); // told elsewhere; the catalogue is there all the same
  },
  scan() { this.scanning = true; this.problem = ""; this.$emit("scan"); },
  heardSensors(found) {
    this.found = found;
    this.scanning = false;
    found.forEach((s, k) => { this.worn[s.address] ??= k === 0 ? "pelvis" : ""; });
  },
  failed(sentence) { this.problem = sentence; this.scanning = false; window.scrollTo(0, 0); },
  start() {
    const used = (this.found || []).filter((s) => this.worn[s.address]), sensors = {};
    for (const s of used) sensors[this.worn[s.address]] = s.address;
    if (Object.keys(sensors).length < used.length) { this.failed(this.t.one_place); return; }
    this.problem = "";
    if (this.plan && this.by === "plan") { this.$emit("start", { sensors, first: this.first }); return; }
    const tempo = this.tempo.map(Number), target = parseInt(this.target, 10);
    const mine = this.own.some((e) => e.name === this.exercise);
    this.$emit("start", { sensors, [mine ? "own" : "exercise"]: this.exercise || null, side: this.side || null, target: target > 0 ? target : null,
      tempo_s: this.entry && !this.entry.hold && tempo.some((s) => s > 0) ? tempo : null });
  },
};
