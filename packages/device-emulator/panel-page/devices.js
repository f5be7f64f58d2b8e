/** The list of the devices of this process, asked for anew every few seconds while somebody looks. */
import { element, notify, powerChip, showRows } from './drawing.js';

const PAUSE_MS = 2_000;

const byId = (id) => document.getElementById(id);
const field = byId('name');

/** Counts what was asked for: an answer that comes late must not replace a newer one. */
let asked = 0;

const row = ({ id, model }) => {
  const item = element('li');
  const link = element('a', { href: `/devices/${encodeURIComponent(id)}` });
  link.append(
    element('strong', { textContent: id }),
    element('span', { className: 'quiet', textContent: model }),
    element('span', { className: 'chips' }),
    element('span', { className: 'line' }),
  );
  item.append(link);
  return item;
};

const update = (item, { power, engine, versions, line }) => {
  const chips = Object.entries(versions).map(([component, version]) =>
    element('span', { className: 'chip', textContent: `${component} ${version}` }),
  );
  item.querySelector('.chips').replaceChildren(powerChip(power, engine), ...chips);
  item.querySelector('.line').textContent = line === '' ? '\u00a0' : line;
};

const load = async () => {
  asked += 1;
  const mine = asked;
  try {
    const answer = await fetch(`/api/devices?name=${encodeURIComponent(field.value)}`);
    if (!answer.ok) throw new Error((await answer.json()).message);
    const { count, devices } = await answer.json();
    if (mine !== asked) return;
    showRows(byId('devices'), devices, ({ id }) => id, row, update);
    byId('empty').hidden = count > 0;
    byId('count').textContent =
      devices.length < count ? `${devices.length} of ${count} shown` : `${count} in this process`;
    notify('');
  } catch (error) {
    notify(`The process does not answer: ${error.message}`);
  }
};

field.addEventListener('input', load);
const again = async () => {
  if (!document.hidden) await load();
  setTimeout(again, PAUSE_MS);
};
await again();
