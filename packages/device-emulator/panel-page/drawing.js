/** Small pieces that both pages are made of, and the drawing of the two lines between controller and engine. */

/** @param {string} name @param {object} properties */
export const element = (name, properties = {}) => Object.assign(document.createElement(name), properties);

/**
 * Makes a list show its items and keeps the rows that stay, so that nobody's click or focus is lost.
 *
 * @template T
 * @param {HTMLElement} list
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => HTMLElement} make a row, with all that does not change
 * @param {(row: HTMLElement, item: T) => void} update
 */
export const showRows = (list, items, keyOf, make, update) => {
  const kept = new Map([...list.children].map((row) => [row.dataset.row, row]));
  const rows = items.map((item) => {
    const key = keyOf(item);
    const row = kept.get(key) ?? make(item);
    row.dataset.row = key;
    update(row, item);
    return row;
  });
  const same = rows.length === list.children.length && rows.every((row, at) => row === list.children[at]);
  if (!same) list.replaceChildren(...rows);
};

/** Says what went wrong; nothing takes the words away. @param {string} text */
export const notify = (text) => {
  const notice = document.getElementById('notice');
  notice.textContent = text;
  notice.hidden = text === '';
};

const ENGINE = {
  starting: ['engine starts', 'wait'],
  ready: ['ready', 'good'],
  'energy-saving': ['energy saving', ''],
  failed: ['engine failure', 'bad'],
  off: ['engine off', ''],
};

const POWER = { off: ['off', ''], starting: ['starting', 'wait'], halted: ['halted', 'bad'] };

/** One chip for the state of power and engine. */
export const powerChip = (power, engine) => {
  const jammed = engine.jammed ? ['paper jam', 'bad'] : undefined;
  const working = engine.state === 'ready' && engine.busy ? ['working', 'good'] : undefined;
  const [text, colour] = POWER[power] ?? jammed ?? working ?? ENGINE[engine.state];
  return element('span', { className: `chip ${colour}`, textContent: text });
};

const SVG = 'http://www.w3.org/2000/svg';
const LEFT = 92;
const RIGHT = 8;
/** Lanes from top to bottom, in the units of the drawing. */
const LANES = [
  { key: 'pwrctl', name: 'PWRCTL', top: 16, levels: ['on', 'off'] },
  { key: 'engrdy', name: 'ENGRDY', top: 100, levels: ['high', 'low'] },
];
const LANE_HEIGHT = 48;
const BAND_TOP = 180;
const BAND_HEIGHT = 24;
const AXIS = 216;
const HEIGHT = 246;

const shape = (name, attributes, text) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

const tickText = (seconds) => {
  if (seconds === 0) return 'now';
  return seconds >= 60 ? `−${seconds / 60} min` : `−${seconds} s`;
};

/**
 * Draws the lines over the last `seconds`, as in Fig 8.
 *
 * @param {SVGSVGElement} svg
 * @param {readonly { at: number, state: string, pwrctl: string, engrdy: string }[]} signals the newest last
 * @param {number} now in the time of the device
 * @param {number} seconds
 */
export const drawSignals = (svg, signals, now, seconds) => {
  const width = Math.max(svg.clientWidth, 320);
  svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  const from = now - seconds * 1_000;
  const x = (at) => LEFT + (Math.max(0, at - from) / (seconds * 1_000)) * (width - LEFT - RIGHT);
  // What ended before the time that is shown is left of it.
  const shown = signals
    .map((change, index) => ({ ...change, until: signals[index + 1]?.at ?? now }))
    .filter(({ until }) => until > from);
  svg.replaceChildren(
    ...axis(width, x, now, seconds),
    ...LANES.flatMap((lane) => laneOf(lane, width, shown, x)),
    ...shown.flatMap((change) => bandOf(change, x)),
  );
  const last = signals.at(-1);
  const levels = last === undefined ? '' : `: PWRCTL ${last.pwrctl}, ENGRDY ${last.engrdy}`;
  svg.setAttribute('aria-label', `Signals of the engine${levels}`);
};

const axis = (width, x, now, seconds) =>
  (width < 480 ? [1, 0.5, 0] : [1, 0.75, 0.5, 0.25, 0]).flatMap((part) => {
    const at = x(now - seconds * 1_000 * part);
    const anchor = part === 0 ? 'end' : part === 1 ? 'start' : 'middle';
    return [
      shape('line', { class: 'tick', x1: at, x2: at, y1: 8, y2: AXIS + 5 }),
      shape(
        'text',
        { x: Math.min(at, width), y: AXIS + 20, 'text-anchor': anchor },
        tickText(seconds * part),
      ),
    ];
  });

const laneOf = ({ key, name, top, levels }, width, shown, x) => {
  const y = (level) => (level === levels[0] ? top : top + LANE_HEIGHT);
  const points = shown.flatMap((change) => [
    `${x(change.at).toFixed(1)},${y(change[key])}`,
    `${x(change.until).toFixed(1)},${y(change[key])}`,
  ]);
  return [
    shape('text', { class: 'name', x: 0, y: top + LANE_HEIGHT / 2 + 4 }, name),
    ...levels.flatMap((level) => [
      shape('text', { x: LEFT - 8, y: y(level) + 4, 'text-anchor': 'end' }, level),
      shape('line', { class: 'level', x1: LEFT, x2: width - RIGHT, y1: y(level), y2: y(level) }),
    ]),
    shape('polyline', { class: 'trace', 'data-signal': key, points: points.join(' ') }),
  ];
};

const BAND_NAMES = { 'energy-saving': 'energy saving' };

/** The state that the levels mean, with its name where it fits. */
const bandOf = ({ at, until, state }, x) => {
  const start = x(at);
  const width = Math.max(0, x(until) - start);
  const name = BAND_NAMES[state] ?? state;
  const label = { class: 'band-name', x: start + 7, y: BAND_TOP + 16 };
  return [
    shape('rect', { class: `band ${state}`, x: start, y: BAND_TOP, width, height: BAND_HEIGHT, rx: 4 }),
    ...(width > name.length * 6.2 + 14 ? [shape('text', label, name)] : []),
  ];
};
