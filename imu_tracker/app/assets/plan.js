// The Plan page: what was prescribed, clicked together. Each change is kept at once.
import { bar, data } from "/assets/bar.js";

export default {
  props: { t: Object, offer: Object },
  template: `<div class="page">${bar("plan")}
  <main class="wide stack"><div class="row"><h1 class="grow">{{ t.plan }}</h1><span class="good" role="status">{{ saved }}</span>
      <a v-if="rows && rows.length && !problem" href="/"><button class="main">{{ t.begin_plan }}</button></a></div>
    <p v-if="problem" class="notice bad" role="alert">{{ problem }}</p>
    <p v-if="!rows && !problem" class="busy" role="status">{{ t.loading }}</p>
    <template v-if="rows"><section class="card empty" v-if="!rows.length"><p>{{ t.no_plan }}</p></section>
    <ol class="rows"><li v-for="(r, k) in rows" :key="r.key" class="card asked" :aria-label="title(r)">
      <div class="row"><span class="soft num">{{ k + 1 }}</span><div class="grow"><select :id="'name' + r.key" v-model="r.name" @change="renamed(r)" :aria-label="t.exercise"><option v-for="e in offer.exercises" :value="e.name">{{ e.title }}</option></select></div>
        <span class="row tools"><button :disabled="!k" @click="shift(k, -1)" :aria-label="t.earlier + ': ' + title(r)">↑</button><button :disabled="k === rows.length - 1" @click="shift(k, 1)" :aria-label="t.later + ': ' + title(r)">↓</button>
          <button @click="remove(k)" :aria-label="t.remove + ': ' + title(r)">✕</button></span></div>
      <div class="fields"><div v-if="entry(r).sided || r.side"><label :for="'side' + r.key">{{ t.side }}</label><select :id="'side' + r.key" v-model="r.side" @change="save"><option value="each">{{ t.each_side }}</option><option value="left">{{ t.left }}</option><option value="right">{{ t.right }}</option><option value="">{{ t.no_side }}</option></select></div>
        <div><label :for="'sets' + r.key">{{ r.side === 'each' ? t.sets_each : t.sets }}</label><input :id="'sets' + r.key" type="number" inputmode="numeric" min="1" max="20" v-model.number="r.sets" @change="save"></div>
        <div v-if="entry(r).hold"><label :for="'hold' + r.key">{{ t.seconds }}</label><input :id="'hold' + r.key" type="number" inputmode="numeric" min="1" max="600" v-model.number="r.hold_s" @change="save"></div>
        <div v-else><label :for="'reps' + r.key">{{ capital(entry(r).noun) }}</label><input :id="'reps' + r.key" type="number" inputmode="numeric" min="1" max="999" v-model.number="r.reps" @change="save"></div>
        <fieldset v-if="!entry(r).hold" class="tempos"><legend>{{ t.tempo }}, s</legend><span v-for="(word, p) in entry(r).phases"><label :for="'tempo' + p + r.key">{{ capital(word) }}</label><input :id="'tempo' + p + r.key" type="number" inputmode="decimal" min="0" max="60" step="0.5" v-model="r.tempo[p]" @change="save" :placeholder="t.not_said"></span></fieldset>
        <div v-if="entry(r).threshold != null"><label :for="'limit' + r.key">{{ t.threshold_word }}, °</label><input :id="'limit' + r.key" type="number" inputmode="decimal" min="1" max="45" v-model="r.threshold_deg" @change="save" :placeholder="entry(r).threshold" :title="t.usual_threshold + ' ' + entry(r).threshold + '°'"></div>
        <div class="grow"><label :for="'load' + r.key">{{ t.load }}</label><input :id="'load' + r.key" type="text" maxlength="80" v-model="r.load" @change="save" :placeholder="t.not_said"></div></div></li></ol>
    <div class="row"><button @click="add">{{ t.add }}</button><span class="grow"></span><span class="soft fine where" v-if="file">{{ t.plan_kept.replace('{file}', file) }}</span></div></template>
  </main></div>`,
  data() { return { rows: null, problem: "", saved: "", file: "", keys: 0, changed: false, saving: false }; },
  async mounted() {
    try { this.take(await data("plan")); } catch (e) { this.problem = e.message; }
  },
  methods: {
    entry(r) { return this.offer.exercises.find((e) => e.name === r.name) ?? { phases: [] }; },
    capital(word) { return word[0].toUpperCase() + word.slice(1); },
    title(r) { return this.entry(r).title; },
    take(words) { this.file = words.file; this.rows = words.exercise.map((r) => this.filled(r)); },
    filled(r) { return { key: ++this.keys, ...r, side: r.side ?? "", tempo: r.tempo_s ? [...r.tempo_s] : ["", "", ""], threshold_deg: r.threshold_deg ?? "", load: r.load ?? "" }; },
    plain(r) { // as the file has it: what isn't said is left out, what is emptied of what must be said goes to the server, which says so
      const hold = this.entry(r).hold, out = { name: r.name, sets: r.sets, [hold ? "hold_s" : "reps"]: hold ? r.hold_s : r.reps };
      if (r.side) out.side = r.side;
      if (!hold && r.tempo.some((s) => Number(s) > 0)) out.tempo_s = r.tempo.map(Number);
      if (r.threshold_deg !== "") out.threshold_deg = Number(r.threshold_deg);
      if (r.load.trim()) out.load = r.load.trim();
      return out;
    },
    renamed(r) {
      const e = this.entry(r);
      r.side = e.sided ? r.side || "each" : ""; r.threshold_deg = ""; r.hold_s ??= 30; r.reps ??= 10;
      this.save();
    },
    add() {
      const e = this.offer.exercises[0];
      this.rows.push(this.filled({ name: e.name, sets: 3, reps: 10, hold_s: 30, side: e.sided ? "each" : "" }));
      this.save();
      this.$nextTick(() => document.getElementById(`name${this.keys}`).focus());
    },
    remove(k) { this.rows.splice(k, 1); this.save(); },
    shift(k, by) { this.rows.splice(k + by, 0, ...this.rows.splice(k, 1)); this.save(); },
    async save() {
      this.saved = "";
      this.changed = true;
      if (this.saving) return; // one after the other, so that the last one stays
      this.saving = true;
      while (this.changed) {
        this.changed = false;
        try {
          this.file = (await data("plan", { exercise: this.rows.map((r) => this.plain(r)) })).file;
          this.problem = "";
        } catch (e) { this.problem = e.message; }
      }
      this.saving = false;
      if (!this.problem) this.saved = this.t.saved;
    },
  },
};
