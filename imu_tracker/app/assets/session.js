// The Session page: what was recorded, set by set and rep by rep, and what a person corrects.
import { bar, data } from "/assets/bar.js";
import { Strip, decode } from "/assets/strip.js";

const ROWS = [["took", "s"], ["out_s", "s"], ["pause_s", "s"], ["back_s", "s"], ["range_deg", "°"], ["peak_rate_deg_s", "°/s"], ["drop_deg", "°"], ["likeness", ""]];

export default {
  props: { t: Object, name: String, offer: Object },
  template: `<div class="page">${bar("history", "", true)}
  <main class="wide stack" v-if="!s"><p v-if="problem" class="notice bad" role="alert">{{ problem }}</p><p v-else class="busy" role="status">{{ t.loading }}</p></main>
  <main class="wide stack" v-else>
    <div class="row"><h1 class="grow">{{ date }}</h1><span class="soft">{{ [s.subject, long(s.seconds)].filter(Boolean).join(', ') }}</span></div>
    <p v-if="problem" class="notice bad" role="alert">{{ problem }}</p>
    <p v-for="n in s.notes" class="notice">{{ n }}</p><p v-for="m in s.misfits" class="notice">{{ t.misfit }}: {{ m }}</p>
    <section class="card strip"><canvas ref="canvas" tabindex="0" role="img" :aria-label="t.strip_label + '. ' + t.strip_help"></canvas>
      <div class="row under"><span class="key" v-if="drops"><span><i class="l"></i>{{ t.on_left }}</span><span><i class="r"></i>{{ t.on_right }}</span><span><i class="e"></i>{{ t.drops }}</span></span>
        <span class="zoom"><button @click="strip.zoom(0.5)">{{ t.zoom_in }}</button><button @click="strip.zoom(2)">{{ t.zoom_out }}</button><button @click="strip.whole()">{{ t.whole }}</button></span></div>
      <p class="soft fine">{{ t.strip_help }}</p></section>
    <p v-if="!s.sets.length" class="notice">{{ t.no_set_found }}</p>
    <div class="columns" v-else><section class="card sets"><h2>{{ t.sets }}</h2><ul><li v-for="one in s.sets"><button class="pick" :aria-pressed="one.n === chosen.set" @click="pick(one.n, -1, true)">
        <b class="big num">{{ one.kind === 'hold' ? Math.round(one.tension ?? 0) : one.count }}<small>{{ one.noun }}</small></b><span class="grow"><b>{{ one.title }}</b><span class="soft" v-if="one.sure != null">{{ ' ' + Math.round(100 * one.sure) }} % {{ t.sure }}</span><br>
        <span class="soft">{{ [one.sides, one.kind !== 'hold' && one.tension != null ? long(one.tension) + ' ' + t.tension : ''].filter(Boolean).join(' · ') }}</span><br>
        <span class="soft" v-if="Object.keys(one.said).length">{{ spoken(one.said) }}<br></span>
        <span v-if="one.peak != null" :class="one.events.length ? 'event' : 'soft'">{{ t.drop }} {{ one.peak.toFixed(1) }}°<template v-if="one.events.length">, {{ one.events.length }}× {{ t.drops }}</template></span>
        <span v-else-if="one.why" class="soft">{{ t.drop }} {{ t.not_known }}</span></span></button></li></ul></section>
      <section class="card detail" v-if="set" aria-live="polite"><h2>{{ t.set }} {{ set.n }}: {{ set.title }}, {{ set.counted }}</h2>
        <dl v-if="rep" class="numbers"><div><dt>{{ t.rep }}</dt><dd>{{ chosen.rep + 1 }}<small v-if="rep.side">{{ ' ' + t[rep.side] }}</small></dd></div>
          <div v-for="[key, unit] in rows"><dt>{{ word(key) }}</dt><dd>{{ value(key) }}<small>{{ value(key) === '–' ? '' : unit }}<template
            v-if="key === 'drop_deg' && rep.drop_uncertainty_deg != null"> ±{{ rep.drop_uncertainty_deg.toFixed(1) }}</template></small></dd></div></dl>
        <p class="soft caption" v-if="set.reps.length">{{ t.bars }}</p><div class="bars" v-if="set.reps.length" role="group" :aria-label="t.reps"><button v-for="(r, k) in set.reps" :class="{past: past(r)}" :aria-pressed="k === chosen.rep" @click="pick(set.n, k, true)"
          :aria-label="t.rep + ' ' + (k + 1) + ', ' + (r.end_s - r.start_s).toFixed(1) + ' s'"><i :style="{height: tall(r)}"></i><span>{{ k + 1 }}</span></button></div>
        <p class="soft" v-if="set.why">{{ t.drop }} {{ t.not_known }}: {{ set.why }}</p>
        <div class="row form said"><div class="grow"><label for="load">{{ t.load }}</label><input id="load" type="text" maxlength="80" v-model="said.load" :placeholder="askedLoad ? t.asked + ': ' + askedLoad : ''"></div>
          <div v-for="what in ['effort', 'pain']"><label :for="what">{{ t[what] }} <small class="soft">0–10</small></label><select :id="what" v-model="said[what]"><option :value="null">{{ t.not_said }}</option><option v-for="n in 11" :value="n - 1">{{ n - 1 }}</option></select></div>
          <div class="grow"><label for="set_note">{{ t.note }}</label><input id="set_note" type="text" maxlength="4000" v-model="said.note"></div><button @click="saySet" :disabled="busy">{{ t.save }}</button><span class="good" role="status">{{ savedSet }}</span></div>
        <details><summary>{{ t.correct }}</summary>
          <div class="row form" v-if="set.reps.length"><div><label for="from">{{ rep ? t.boundary_rep : t.boundary_set }}: {{ t.from }}</label><input id="from" type="number" inputmode="decimal" min="0" step="0.05" v-model.number="from"></div>
            <div><label for="to">{{ t.to }}</label><input id="to" type="number" inputmode="decimal" min="0" step="0.05" v-model.number="to"></div><button @click="move()" :disabled="busy">{{ t.move }}</button>
            <span class="grow soft fine">{{ t.boundary_help }}</span><button @click="remove" :disabled="busy">{{ rep ? t.no_rep : t.no_set }}</button></div>
          <div class="row form" v-else><button @click="remove" :disabled="busy">{{ t.no_set }}</button></div>
          <div class="row form">
          <div v-if="set.kind !== 'hold'"><label for="count">{{ t.count }}</label><input id="count" type="number" min="0" max="999" v-model.number="count"></div>
          <div class="grow"><label for="label">{{ t.exercise }}</label><select id="label" v-model="label"><option value="" disabled>{{ t.no_name }}</option><option v-for="e in offer.exercises" :value="e.name">{{ e.title }}</option><optgroup v-if="own.length" :label="t.own_names"><option v-for="e in own" :value="e.name">{{ e.title }}</option></optgroup></select></div>
          <div><label for="which">{{ t.side }}</label><select id="which" v-model="side"><option value="" disabled>{{ t.not_known }}</option><option value="left">{{ t.left }}</option><option value="right">{{ t.right }}</option><option value="both">{{ t.both }}</option></select></div>
          <button @click="correct" :disabled="busy">{{ t.apply }}</button></div></details></section></div>
    <div class="columns even" v-if="s.asked || since.length"><section class="card against" v-if="s.asked"><h2>{{ t.done_asked }}</h2><ul><li v-for="line in s.asked.lines"><div class="row"><b class="grow">{{ line.title }}<template v-if="line.side">, {{ t[line.side] }}</template></b>
        <span :class="line.reached >= line.sets ? 'good' : 'soft'">{{ line.reached }} {{ t.of }} {{ line.sets }} {{ t.sets_low }}</span></div>
        <p class="soft">{{ [line.want, line.load].filter(Boolean).join(', ') }}</p><p v-if="line.done.length" class="done"><span v-for="d in line.done" :class="{enough: d.enough}">{{ d.enough ? '✓ ' : '' }}{{ d.counted }}</span></p>
        <p v-if="line.tempo" class="soft">{{ t.tempo }}: {{ t.asked }} {{ line.tempo.asked }}<template v-if="line.tempo.done">; {{ t.how_it_was.toLowerCase() }} {{ line.tempo.done }}</template></p></li></ul>
        <p v-for="other in s.asked.others" class="soft">{{ other }}: {{ t.not_asked }}</p></section>
      <section class="card since" v-if="since.length"><h2>{{ t.since }}</h2><div v-for="e in since"><h3>{{ e.title }} <a v-if="e.session" :href="'/session/' + e.session" class="when">{{ e.started ? day(e.started) : e.session }}</a></h3>
        <p v-if="!e.session" class="soft">{{ t.first_time }}</p><table v-else><tbody><tr v-for="c in e.changes"><th scope="row">{{ c.word }}</th><td class="num">{{ c.before }} → <b>{{ c.now }}</b></td><td>{{ differs(c, t.no_change) }}</td></tr></tbody></table>
        <template v-if="e.sides.length"><p class="caption soft">{{ t.left }} → {{ t.right }}</p><table><tbody><tr v-for="c in e.sides"><th scope="row">{{ c.word }}</th><td class="num">{{ c.before }} → {{ c.now }}</td><td>{{ differs(c, t.no_difference) }}</td></tr></tbody></table></template></div></section></div>
    <section class="card stack"><div><label for="note">{{ t.note }}</label><textarea id="note" v-model="note" maxlength="4000"></textarea></div>
      <div class="row"><button @click="say" :disabled="busy">{{ t.save }}</button><span class="good" role="status">{{ saved }}</span><span class="grow"></span>
        <button v-if="s.corrections" class="quiet" @click="send('undo')" :disabled="busy">{{ t.undo }} ({{ s.corrections }})</button></div></section>
    <section class="card row again"><p class="soft grow">{{ t.again_how.replace('{model}', offer.model ?? t.teach_builtin.toLowerCase()) }}</p>
      <span :class="looking ? 'busy' : 'good'" role="status">{{ looking ? t.looking : looked }}</span><button @click="again" :disabled="busy">{{ t.look_again }}</button></section>
  </main></div>`,
  data() { return { s: null, problem: "", chosen: { set: 0, rep: -1 }, count: 0, label: "", side: "", note: "", saved: "", looked: "", looking: false, own: [], said: {}, savedSet: "", from: 0, to: 0, since: [], busy: false, rows: ROWS }; },
  computed: {
    date() { return this.s.started ? new Date(this.s.started).toLocaleString(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }) : this.s.name; },
    set() { return this.s.sets.find((one) => one.n === this.chosen.set); },
    rep() { return this.set?.reps[this.chosen.rep]; },
    askedLoad() { return this.s.asked?.lines.find((line) => line.title === this.set.title && (!line.side || line.side === this.set.side))?.load; },
    drops() { return this.s.sets.some((one) => one.peak != null); },
  },
  async mounted() {
    try {
      const where = `session/${encodeURIComponent(this.name)}`;
      const [words, samples] = await Promise.all([data(where), this.samples()]);
      this.take(words);
      if (words.sets.length) this.pick(1, -1, false);
      await this.$nextTick();
      this.strip = window.strip_ = new Strip(this.$refs.canvas, samples, this.t, (hit) => { if (hit) this.pick(hit.set, hit.rep, false); }, (edges) => this.move(edges));
      this.strip.show(this.s.sets, this.chosen);
      await this.compare();
      this.own = await data("own").catch(() => []);
    } catch (e) { this.problem = e.message; }
  },
  unmounted() { this.strip?.end(); },
  methods: {
    take(words) {
      if (!this.s || this.note === this.s.note) this.note = words.note; // what is being written stays
      this.s = words; this.strip?.show(words.sets, this.chosen);
    },
    async samples() {
      const answer = await fetch(`/data/session/${encodeURIComponent(this.name)}/strip`);
      if (!answer.ok) throw new Error((await answer.json()).why);
      return decode(await answer.arrayBuffer());
    },
    async again() { // analysed anew: names, reps and angles may all be others
      this.looking = true;
      const done = await this.send("again");
      this.looking = false;
      if (!done) return;
      this.looked = this.t.looked_again;
      try { this.strip.take(await this.samples()); this.strip.show([...this.s.sets], this.chosen); } catch (e) { this.problem = e.message; }
    },
    pick(set, rep, look) {
      this.chosen = { set, rep };
      const one = this.set;
      if (!one) return;
      const r = one.reps[rep], t = (x) => Number(x.toFixed(2));
      this.from = t(r ? r.start_s : one.start); this.to = t(r ? r.end_s : one.end); this.savedSet = "";
      this.said = { load: "", note: "", effort: null, pain: null, ...one.said };
      this.count = one.count; this.label = one.exercise === "unknown" ? "" : one.exercise ?? ""; this.side = one.side ?? "";
      if (look && this.strip) {
        const inside = r && r.start_s > this.strip.from && r.end_s < this.strip.to && this.strip.to - this.strip.from < 60;
        if (!inside) { const a = r ? r.start_s - 8 : one.start - 2, b = r ? r.end_s + 8 : one.end + 2; this.strip.look(a, b); }
      }
      this.strip?.show(this.s.sets, this.chosen);
    },
    async compare() { this.since = await data(`session/${encodeURIComponent(this.name)}/since`).catch(() => []); },
    async send(what, body) { // to the server, whose answer is the session as it is then
      this.busy = true; this.problem = ""; this.saved = this.savedSet = this.looked = "";
      try {
        this.take(await data(`session/${encodeURIComponent(this.name)}/${what}`, body ?? {}));
        if (!this.set) this.chosen = { set: this.s.sets.length ? 1 : 0, rep: -1 };
        if (this.set) this.pick(this.chosen.set, this.rep ? this.chosen.rep : -1, false);
        if (["correct", "undo", "again"].includes(what)) await this.compare();
        return true;
      } catch (e) { this.problem = e.message; this.strip?.show(this.s.sets, this.chosen); window.scrollTo(0, 0); return false; } finally { this.busy = false; }
    },
    async edit(...edits) { if (edits.length) await this.send("correct", { schema: 1, edits }); },
    middle() { return (this.set.start + this.set.end) / 2; },
    async move(edges) { // of the chosen rep, or of the set: that is its first rep's start and its last one's end
      const reps = this.set.reps, first = this.rep ?? reps[0], last = this.rep ?? reps.at(-1), edits = [];
      const { start_s = edges ? first.start_s : this.from, end_s = edges ? last.end_s : this.to } = edges ?? {};
      const changed = (a, b) => Number.isFinite(a) && Math.abs(a - b) > 0.006; // as many digits as are shown
      if (this.rep) { const move = { op: "move_boundary", at_s: first.turn_s }; if (changed(start_s, first.start_s)) move.start_s = start_s; if (changed(end_s, last.end_s)) move.end_s = end_s; if (Object.keys(move).length > 2) edits.push(move); }
      else {
        if (changed(start_s, first.start_s)) edits.push({ op: "move_boundary", at_s: first.turn_s, start_s });
        if (changed(end_s, last.end_s)) edits.push({ op: "move_boundary", at_s: last.turn_s, end_s });
      }
      await this.edit(...edits);
    },
    async remove() { await this.edit(this.rep ? { op: "remove_rep", at_s: this.rep.turn_s } : { op: "remove_set", at_s: this.middle() }); },
    async saySet() { if (await this.send("say", { at_s: this.middle(), ...this.said })) this.savedSet = this.t.saved; },
    differs(c, not) { return c.told ? c.by : c.exact ? this.t.same : not; },
    spoken(said) { return [said.load, ...["effort", "pain"].filter((k) => said[k] != null).map((k) => `${this.t[k].toLowerCase()} ${said[k]}`), said.note].filter(Boolean).join(" · "); },
    day(iso) { return new Date(iso).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" }); },
    async correct() {
      const one = this.set, at_s = this.middle(), edits = [];
      if (one.kind !== "hold" && this.count !== one.count && Number.isInteger(this.count)) edits.push({ op: "count", at_s, count: this.count });
      if (this.label && this.label !== one.exercise) edits.push({ op: "exercise", at_s, exercise: this.label });
      if (this.side && this.side !== one.side) edits.push({ op: "side", at_s, side: this.side });
      await this.edit(...edits);
    },
    async say() { if (await this.send("note", { said: this.note })) this.saved = this.t.saved; },
    long(s) { const whole = Math.round(s); return s < 59.5 ? `${whole} s` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} min`; },
    past(r) { return r.drop_deg != null && this.set.threshold != null && r.drop_deg > this.set.threshold; },
    tall(r) { const most = Math.max(...this.set.reps.map((one) => one.end_s - one.start_s)); return `${(100 * (r.end_s - r.start_s)) / most}%`; },
    word(key) {
      const t = this.t, r = this.rep, rise = r.rise_s != null && r.out_s !== r.back_s ? r.rise_s === r.out_s : null;
      const away = rise === null ? [t.out, t.back] : rise ? [t.up, t.down] : [t.down, t.up];
      return { took: t.took, out_s: away[0], back_s: away[1], pause_s: t.pause, range_deg: t.range, peak_rate_deg_s: t.speed, drop_deg: t.drop, likeness: t.likeness }[key];
    },
    value(key) {
      const v = key === "took" ? this.rep.end_s - this.rep.start_s : this.rep[key];
      if (v == null) return "–";
      return key === "likeness" ? `${Math.round(100 * v)} %` : v.toFixed(key === "peak_rate_deg_s" ? 0 : 1);
    },
  },
};
