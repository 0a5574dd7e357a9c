// The History page: sessions by week, and each exercise over all of them.
import { bar } from "/assets/bar.js";

const W = 280, H = 64;

export default {
  props: { t: Object },
  template: `<div class="page">${bar("history")}
  <main class="wide stack"><h1>{{ t.history }}</h1>
    <p v-if="problem" class="notice bad" role="alert">{{ problem }}</p><p v-else-if="!h" class="busy" role="status">{{ t.loading }}</p>
    <section v-else-if="!h.weeks.length" class="card stack empty"><p>{{ t.no_sessions }}</p><p><a href="/"><button class="main">{{ t.first }}</button></a></p></section>
    <div v-else class="columns history"><div class="stack">
      <section class="card week" v-for="w in shown"><div class="row"><h2 class="grow">{{ w.week ? t.week + ' ' + day(w.week) : t.undated }}</h2>
          <span class="soft">{{ w.sessions.length }} {{ w.sessions.length === 1 ? t.session : t.sessions }}, {{ sum(w.sessions) }} {{ t.reps_low }}</span></div>
        <ul><li v-for="s in w.sessions"><a :href="'/session/' + s.name"><b>{{ s.started ? when(s.started) : s.name }}</b>
          <span class="grow">{{ s.exercises.join(', ') || (s.trouble ?? t.no_set_short) }}<span v-if="s.note" class="soft"> · {{ s.note }}</span></span>
          <span class="num soft" v-if="s.state !== 'whole'">{{ t[s.state] }}</span>
          <span class="num" v-else-if="s.reps != null">{{ s.sets }} {{ s.sets === 1 ? t.set_low : t.sets_low }}, <b>{{ s.reps }}</b> {{ t.reps_low }}</span></a></li></ul></section>
      <button v-if="shown.length < h.weeks.length" @click="weeks += 20">{{ t.more_weeks }}</button></div>
      <div class="stack"><h2>{{ t.by_exercise }}</h2><section class="card exercise" v-for="e in h.exercises"><div class="row"><h3 class="grow">{{ e.title }}</h3>
          <span class="soft">{{ e.count }} {{ t.total }}</span></div>
        <figure v-for="f in figures(e)"><figcaption><span>{{ f.word }}</span><b class="num">{{ f.last }}</b><span class="soft">{{ f.trend }}</span></figcaption>
          <svg viewBox="0 0 ${W} ${H}" role="img" :aria-label="f.word + ' ' + f.last" preserveAspectRatio="none"><path class="band" :d="f.band"/><path class="line" :d="f.line"/></svg></figure>
        <p v-if="sides(e)" class="soft">{{ sides(e) }}</p></section></div></div></main></div>`,
  data() { return { h: null, problem: "", weeks: 12 }; },
  computed: { shown() { return this.h.weeks.slice(0, this.weeks); } },
  async mounted() {
    try {
      const answer = await fetch("/data/history"), said = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Error(said.why ?? this.t.failed);
      this.h = said;
    } catch (e) { this.problem = e.message; }
  },
  methods: {
    day(iso) { return new Date(`${iso}T12:00`).toLocaleDateString(undefined, { day: "numeric", month: "long", year: "numeric" }); },
    when(iso) { return new Date(iso).toLocaleString(undefined, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }); },
    sum(sessions) { return sessions.reduce((n, s) => n + (s.reps ?? 0), 0); },
    figures(e) {
      const t = this.t, of = [["count", "count", t.count, ""], ["tension", "time_under_tension_s", t.tension, " s"], ["range", "range_deg", t.range, "°"], ["drop", "drop_deg", t.drop, "°"]];
      return of.map(([key, figure, word, unit]) => this.figure(e, key, word, unit, e.trends[figure])).filter(Boolean);
    },
    figure(e, key, word, unit, trend) {
      const points = e.points.map((p) => (key === "count" ? [p.count, 0] : p[key])).map((v, k) => v && [k, ...v]).filter(Boolean);
      if (!points.length) return null;
      const low = Math.min(...points.map(([, v, u]) => v - u), key === "drop" ? Infinity : 0), high = Math.max(...points.map(([, v, u]) => v + u));
      const x = (k) => 4 + (k / Math.max(e.points.length - 1, 1)) * (W - 8), y = (v) => H - 4 - ((v - low) / Math.max(high - low, 1e-6)) * (H - 8);
      const at = (k, v) => `${x(k).toFixed(1)},${y(v).toFixed(1)}`;
      const line = "M" + points.map(([k, v]) => at(k, v)).join(" L") + (points.length === 1 ? " l0.1,0" : "");
      const band = key === "count" ? "" : "M" + points.map(([k, v, u]) => at(k, v + u)).join(" L") + " L" + [...points].reverse().map(([k, v, u]) => at(k, v - u)).join(" L") + " Z";
      const last = points.at(-1), said = key === "count" ? "" : ` ±${last[2]}`;
      return { word, last: `${last[1]}${said}${unit}`, line, band, trend: !trend ? "" : trend.told ? `${trend.by > 0 ? "+" : "−"}${Math.abs(trend.by)}${unit} ${this.t.trend}` : this.t.no_change };
    },
    sides(e) {
      const c = e.sides.count, d = e.sides.drop_deg, t = this.t;
      const said = [c && `${c.left} ${t.left}, ${c.right} ${t.right}`, d && `${t.drop} ${d.left}° ${t.left}, ${d.right}° ${t.right}${d.told ? "" : `: ${t.no_difference}`}`];
      return said.filter(Boolean).join("; ");
    },
  },
};
