// The Teach page: say what sets were, teach the model in use or train one, see how good it is, choose the one that names exercises.
import { bar, data } from "/assets/bar.js";

const ASK_MS = 700;

const pick = `<section class="card stack"><h2>{{ t.teach_pick }}</h2><p class="soft">{{ t.teach_how }}</p>
  <p v-if="!sessions.length && !more" class="notice">{{ t.teach_none }}</p>
  <div class="scrolls" role="group" :aria-label="t.teach_pick"><fieldset v-for="s in sessions" :key="s.name"><legend><a :href="'/session/' + s.name">{{ when(s) }}</a>
      <span class="soft">{{ [s.subject, s.worn].filter(Boolean).join(', ') }}</span></legend>
    <label v-for="one in s.sets" class="tick"><input type="checkbox" :value="s.name + ' ' + one.at_s" v-model="picked" @change="prefill(one)"><span class="num soft">{{ one.n }}</span>
      <span class="grow"><b>{{ one.title }}</b> <span v-if="one.exercise" class="good">{{ t.named }}</span><span v-else-if="one.sure != null" class="soft">{{ Math.round(100 * one.sure) }} % {{ t.sure }}</span></span>
      <span class="num">{{ one.counted }}</span></label></fieldset>
    <button v-if="more" @click="next" :disabled="busy">{{ t.teach_more }}</button></div>
  <form class="row form" @submit.prevent="name('name')"><div class="grow"><label for="what">{{ t.teach_name }}</label>
      <input id="what" list="known" v-model="what" maxlength="200" autocomplete="off" style="width:100%" :placeholder="t.teach_such"><datalist id="known"><option v-for="word in known" :value="word"></option></datalist></div>
    <button type="submit" :disabled="busy || !picked.length || !what.trim()">{{ t.teach_only_name }}</button>
    <button type="button" :disabled="busy || !picked.length || picked.length > 5 || !what.trim()" @click="name('teach')">{{ t.teach_teach }}</button></form>
  <p class="soft" role="status"><b v-if="said.sets" class="good">{{ said.sets }} </b>{{ picked.length }} {{ t.teach_picked }}<template v-if="picked.length > 5">: {{ t.teach_many }}</template></p></section>`;

const figures = `<details v-if="m.figures" :open="m.name === fresh"><summary>{{ t.teach_figures }}</summary>
  <p>{{ groups(m.figures) }} {{ t.teach_left_out }}: <b>{{ percent(m.figures.accuracy) }} {{ t.teach_right }}</b>; macro-F1 {{ two(m.figures.macro_f1) }}, {{ t.teach_each }}.</p>
  <p class="soft">{{ m.figures.expectation }}</p><p v-for="n in m.figures.notes" class="notice">{{ n }}</p>
  <p v-for="files in m.figures.duplicates" class="notice">{{ t.teach_twice }}: {{ files.join(', ') }}</p>
  <p class="soft fine">{{ t.teach_confusion }}<template v-if="m.figures.confusion.predicted.includes('unknown')">; {{ t.teach_unknown }}</template></p>
  <div class="across" tabindex="0" role="region" :aria-label="t.teach_confusion"><table class="confusion">
    <thead><tr><th></th><th v-for="(c, k) in m.figures.confusion.predicted" scope="col" :title="title(c)">{{ c === 'unknown' ? '?' : k + 1 }}</th></tr></thead>
    <tbody><tr v-for="(row, k) in m.figures.confusion.counts"><th scope="row">{{ k + 1 }} {{ title(m.figures.confusion.true[k]) }}</th>
      <td v-for="(n, i) in row" class="num" :class="{hit: i === k}" :style="shade(n, row)">{{ n || '' }}</td></tr></tbody></table></div>
  <p><a :href="'/data/teach/card/' + encodeURIComponent(m.name)" target="_blank">{{ t.teach_card }}</a></p></details>`;

const models = `<section class="card stack"><h2>{{ t.teach_models }}</h2><p v-if="h.trouble" class="notice bad">{{ h.trouble }}</p><p role="status" class="good" v-show="said.models"><b>{{ said.models }}</b></p>
  <div class="model" v-for="m in h.models" :class="{used: m.name === h.used}"><label><input type="radio" name="model" :checked="m.name === h.used && !h.trouble" :disabled="busy || !!m.trouble && m.name !== null" @change="use(m.name)">
      <span><b>{{ m.name ?? t.teach_builtin }}</b> <span class="good" v-if="m.name === h.used">{{ t.teach_in_use }}</span><br>
      <span class="soft">{{ m.name === null ? t.teach_simulated : m.trouble ? '' : m.classes.length + ' ' + t.teach_classes + (m.figures ? ', macro-F1 ' + two(m.figures.macro_f1) + ': ' + groups(m.figures) + ' ' + t.teach_left_out : '') }}</span></span></label>
    <p v-if="m.trouble" class="notice bad">{{ m.trouble }}</p><p v-if="m.older" class="notice">{{ t.teach_older }}</p>
    <button v-if="m.trouble && m.name === null" :disabled="busy" @click="use(null)">{{ t.teach_aside }}</button>
    <ul v-if="m.taught.length" class="taught"><li v-for="[name, count] in m.taught"><span class="grow">{{ t.teach_taught }} <b>{{ name }}</b>, {{ count }} {{ count === 1 ? t.set_low : t.sets_low }}</span>
      <button v-if="m.name === h.used" class="quiet" :disabled="busy" @click="send('forget', { name }, name + ' ' + t.teach_forgotten)">{{ t.teach_forget }}</button></li></ul>
    ${figures}
    <button v-if="m.name !== null" class="quiet small" :class="{sure: deleting === m.name}" :disabled="busy" @click="remove(m.name)">{{ deleting === m.name ? t.teach_delete_sure : t.teach_delete }}</button></div></section>`;

const train = `<section class="card stack"><h2>{{ t.teach_train }}</h2><p class="soft">{{ t.teach_train_how }}</p>
  <template v-if="training.phase !== 'running'">
    <label class="tick"><input type="checkbox" v-model="kept" :disabled="!h.named.length"><span class="grow"><b>{{ t.teach_yours }}</b><br><span class="soft">{{ yours }}</span></span></label>
    <div v-if="h.folders"><label for="folder">{{ t.teach_folder }}</label><input id="folder" v-model="folder" style="width:100%" placeholder="~/recordings" spellcheck="false" autocomplete="off"></div>
    <div><label id="group">{{ t.teach_group }}</label><div class="choices" role="radiogroup" aria-labelledby="group">
      <label v-for="g in ['subject', 'session']"><input type="radio" name="group" :value="g" v-model="group"><span>{{ t['teach_' + g] }}</span></label></div></div>
    <form class="row form" @submit.prevent="begin"><div class="grow"><label for="model">{{ t.teach_model_name }}</label><input id="model" v-model="model" maxlength="60" style="width:100%" autocomplete="off"></div>
      <button type="submit" :disabled="busy || !model.trim() || !(kept && h.named.length || folder.trim())">{{ t.teach_begin }}</button></form></template>
  <div v-else class="stack" role="status"><p class="busy">{{ t.teach_training }} {{ training.name }}: {{ training.what }}</p><progress :value="training.share" max="1" :aria-label="t.teach_training"></progress>
    <p class="soft">{{ t.teach_background }}</p><button @click="stop">{{ t.teach_stop }}</button></div>
  <p v-if="training.phase === 'failed'" class="notice bad" role="alert">{{ training.why }}</p><p v-if="training.phase === 'stopped'" class="notice">{{ t.teach_stopped }}</p>
  <div v-if="training.phase === 'done' && ready" class="notice fine stack" role="status"><p><b>{{ training.name }}</b> {{ t.teach_done }} macro-F1 <b>{{ two(ready.figures?.macro_f1) }}</b>: {{ ready.figures ? groups(ready.figures) : '' }} {{ t.teach_left_out }}</p>
    <p v-for="one in training.troubles">{{ one }}</p><p><button v-if="h.used !== training.name" :disabled="busy" @click="use(training.name)">{{ t.teach_use }}</button><span v-else class="good">{{ t.teach_in_use }}</span></p></div></section>`;

export default {
  props: { t: Object, offer: Object },
  template: `<div class="page">${bar("teach")}
  <main class="wide stack"><h1>{{ t.teach_title }}</h1><p v-if="problem" class="notice bad" role="alert">{{ problem }}</p><p v-if="!h && !problem" class="busy" role="status">{{ t.loading }}</p>
    <div v-if="h" class="columns teach"><div class="stack">${pick}</div><div class="stack">${models}${train}</div></div></main></div>`,
  data() {
    return { h: null, problem: "", sessions: [], more: null, picked: [], what: "", said: {}, busy: false, deleting: null, fresh: null,
      training: { phase: "idle" }, kept: true, folder: "", group: "subject", model: "" };
  },
  computed: {
    titles() { return Object.fromEntries(this.offer.exercises.map((e) => [e.name, e.title])); },
    known() { return [...new Set([...this.h.named.map((n) => n.title), ...this.offer.exercises.map((e) => e.title)])]; },
    yours() {
      const t = this.t, n = this.h.named.reduce((sum, one) => sum + one.sets, 0);
      if (!n) return t.teach_no_names;
      const days = `${this.h.days} ${this.h.days === 1 ? t.teach_day : t.teach_days}`, people = `${this.h.people} ${this.h.people === 1 ? t.teach_person : t.teach_people}`;
      return `${n} ${n === 1 ? t.set_low : t.sets_low}: ${this.h.named.map((one) => `${one.title} ${one.sets}`).join(", ")}; ${days}, ${people}`;
    },
    ready() { return this.h.models.find((m) => m.name === this.training.name); },
  },
  async mounted() {
    try {
      const [h, sets] = await Promise.all([data("teach"), data("teach/sets")]);
      this.take(h);
      this.sessions = sets.sessions; this.more = sets.more;
      if (h.people < 2) this.group = "session";
      this.follow();
    } catch (e) { this.problem = e.message; }
  },
  unmounted() { clearTimeout(this.asking); },
  methods: {
    take(h) { this.h = h; this.training = h.training; },
    async doing(work) {
      this.busy = true; this.problem = ""; this.said = {};
      try { return await work(); } catch (e) { this.problem = e.message; window.scrollTo(0, 0); } finally { this.busy = false; }
      return null;
    },
    async send(what, body, said, where = "models") {
      const h = await this.doing(() => data(`teach/${what}`, body));
      if (h) { this.take(h); this.said = { [where]: said }; }
      return h !== null;
    },
    next() { return this.doing(async () => { const sets = await data(`teach/sets?before=${this.more}`); this.sessions.push(...sets.sessions); this.more = sets.more; }); },
    prefill(one) { if (one.exercise && !this.what) this.what = one.title; },
    async name(what) {
      const words = this.what.trim(), found = Object.entries(this.titles).find(([, title]) => title.toLowerCase() === words.toLowerCase());
      const mine = this.h.named.find((one) => one.title.toLowerCase() === words.toLowerCase());
      const sets = this.picked.map((key) => { const [session, at_s] = key.split(" "); return { session, at_s: Number(at_s) }; });
      const name = found?.[0] ?? mine?.exercise ?? words;
      if (!await this.send(what, { sets, name }, what === "teach" ? `${this.t.teach_learnt} ${words}.` : this.t.saved, "sets")) return;
      for (const s of this.sessions) for (const one of s.sets) if (this.picked.includes(`${s.name} ${one.at_s}`)) Object.assign(one, { exercise: name, title: this.title(name), sure: null });
      this.picked = []; this.what = "";
    },
    use(name) { return this.send("use", { model: name }, `${name ?? this.t.teach_builtin} ${this.t.teach_used}`); },
    remove(name) { // twice, so that a slip doesn't
      if (this.deleting !== name) { this.deleting = name; setTimeout(() => { this.deleting = null; }, 3000); return; }
      this.deleting = null;
      this.send("delete", { model: name }, this.t.teach_deleted);
    },
    async begin() {
      const training = await this.doing(() => data("teach/train", { name: this.model, kept: this.kept && this.h.named.length > 0, folder: this.folder, group: this.group }));
      if (training) { this.training = training; this.follow(); }
    },
    async stop() { this.training = await this.doing(() => data("teach/stop", {})) ?? this.training; },
    follow() {
      clearTimeout(this.asking);
      if (this.training.phase !== "running") return;
      this.asking = setTimeout(async () => {
        try {
          this.training = await data("teach/training");
          if (this.training.phase === "done") { this.fresh = this.training.name; this.model = ""; this.take(await data("teach")); }
        } catch { /* the app is away for now: asked again */ }
        this.follow();
      }, ASK_MS);
    },
    title(name) { return name === "unknown" ? this.t.no_name : this.titles[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " "); },
    groups(f) { const word = f.group === "subject" ? [this.t.teach_person, this.t.teach_people] : f.group === "session" ? [this.t.teach_day, this.t.teach_days] : [f.group, f.group]; return `${f.groups} ${word[f.groups === 1 ? 0 : 1]}`; },
    two(x) { return x == null ? "–" : x.toFixed(2); },
    percent(x) { return x == null ? "–" : `${Math.round(100 * x)} %`; },
    shade(n, row) { const all = row.reduce((a, b) => a + b, 0); return n ? { background: `color-mix(in srgb, var(--link) ${Math.round((40 * n) / all)}%, transparent)` } : {}; },
    when(s) { return s.started ? new Date(s.started).toLocaleString(undefined, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }) : s.name; },
  },
};
