// A pelvis seen from behind, that tilts as the wearer's does. The angle is drawn twice as large: 5 degrees are hard to see from two metres.
const STEEPER = 2;

const BONE = "M0,0 C-10,-22 -44,-44 -72,-34 C-92,-26 -88,0 -70,12 C-58,20 -50,22 -46,32 C-42,50 -34,60 -24,58 C-16,56 -16,46 -10,40 " +
  "Q0,34 10,40 C16,46 16,56 24,58 C34,60 42,50 46,32 C50,22 58,20 70,12 C88,0 92,-26 72,-34 C44,-44 10,-22 0,0 Z";
const SACRUM = "M-15,-8 Q0,-16 15,-8 L6,28 Q0,38 -6,28 Z";

// Two pictures on each other: what stands still, and the bone, which is turned as a layer of its own and so never drawn again.
export const svg = `
<div class="view" role="img" :aria-label="t.pelvis + ', ' + pelvisWord">
<svg viewBox="-130 -66 260 166">
  <g v-if="f.threshold != null && f.level != null">
    <g v-for="s in limits" :key="s" :transform="'scale(' + s + ' 1)'">
      <path class="limit" :d="wedge"/><path class="edge" :d="edge"/>
    </g>
  </g>
  <line class="horizon" x1="-122" x2="122" y1="0" y2="0"/>
  <path class="limb" :class="{stands: f.leg === 'left'}" d="M-64,30 L-58,88"/>
  <path class="limb" :class="{stands: f.leg === 'right'}" d="M64,30 L58,88"/>
  <text x="-116" y="94">{{ t.left[0].toUpperCase() }}</text><text x="116" y="94">{{ t.right[0].toUpperCase() }}</text>
</svg>
<svg class="turns" :style="{transform: turn}" viewBox="-130 -66 260 166" :class="{unknown: f.level == null}"><path class="bone" d="${BONE}"/><path class="sacrum" d="${SACRUM}"/></svg>
</div>`;

// Where a drop would take the free side: a wedge below the threshold, on the side that isn't stood on, or on both.
export const limits = {
  turn() { return `rotate(${((this.f.level ?? 0) * STEEPER).toFixed(1)}deg)`; }, // the ten angles a second that come are joined by the style sheet
  limits() { return this.f.leg === "left" ? [1] : this.f.leg === "right" ? [-1] : [1, -1]; },
  wedge() {
    const a = (this.f.threshold * STEEPER * Math.PI) / 180, b = Math.min(a + 0.35, 1.3);
    return `M0,0 L${118 * Math.cos(a)},${118 * Math.sin(a)} A118,118 0 0 1 ${118 * Math.cos(b)},${118 * Math.sin(b)} Z`;
  },
  edge() {
    const a = (this.f.threshold * STEEPER * Math.PI) / 180;
    return `M0,0 L${118 * Math.cos(a)},${118 * Math.sin(a)}`;
  },
};
