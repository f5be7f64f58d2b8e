/** The panel of one device: what the server tells of it, and its keys. */
import { drawSignals, element, notify, powerChip, showRows } from './drawing.js';

const byId = (id) => document.getElementById(id);
const id = decodeURIComponent(location.pathname.split('/').at(-1) ?? '');
const api = `/api/devices/${encodeURIComponent(id)}`;

/** What was told last, and how far the clock of the device is ahead of this one. */
let view;
let ahead = 0;
let seconds = 60;

const press = async (key, body = {}) => {
  try {
    const answer = await fetch(`${api}/keys/${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-postern-panel': '1' },
      body: JSON.stringify(body),
    });
    notify(answer.ok ? '' : (await answer.json()).message);
  } catch {
    notify('The process of the device does not answer.');
  }
};

const chip = (text, colour = '') => element('li', { className: `chip ${colour}`, textContent: text });

const showState = () => {
  const { power, engine, program, versions } = view;
  const state = element('li');
  state.append(powerChip(power, engine));
  byId('chips').replaceChildren(
    state,
    ...(program === 'updater-program' ? [chip('updater program', 'wait')] : []),
    ...Object.entries(versions).map(([component, version]) => chip(`${component} ${version}`)),
  );
  document.title = `${id} · panel`;
  byId('id').textContent = id;
  byId('what').textContent = `${view.model} · ${view.description}`;
};

const showDisplay = () => {
  const display = byId('display');
  const lines = view.panel.length === 0 ? ['Ready'] : view.panel;
  const shown = [...display.children].map(({ textContent }) => textContent);
  if (lines.length === shown.length && lines.every((line, at) => line === shown[at])) return;
  display.replaceChildren(...lines.map((textContent) => element('li', { textContent })));
  display.scrollTop = display.scrollHeight;
};

const showKeys = () => {
  const works = view.power === 'running' && view.program === 'firmware';
  for (const button of document.querySelectorAll('.keys button, .signals [data-key], #job-form button')) {
    button.disabled = !works;
  }
  const power = byId('power');
  power.disabled = view.power === 'starting';
  power.textContent = view.power === 'running' ? 'Switch off' : 'Switch on';
  byId('call').disabled = !works || view.calling;
  byId('call').textContent = view.calling ? 'Calling …' : 'Call service';
  byId('copy-form').hidden = !view.jobKinds.includes('copy');
};

const jobRow = ({ id: job, units }) => {
  const row = element('li');
  const cancel = element('button', { type: 'button', textContent: 'Cancel' });
  cancel.setAttribute('aria-label', `Cancel job ${job}`);
  cancel.addEventListener('click', () => press('cancel', { job }));
  row.append(element('span'), cancel, element('progress', { max: units }));
  return row;
};

const updateJob = (row, { kind, units, done, state }) => {
  row.querySelector('span').textContent =
    state === 'running' ? `${kind} ${done} of ${units}` : `${kind}, ${units} reserved`;
  row.querySelector('progress').value = done;
};

const showJobs = () => {
  showRows(byId('jobs'), view.jobs, ({ id: job }) => `${job}`, jobRow, updateJob);
  byId('no-jobs').hidden = view.jobs.length > 0;
  const kinds = byId('job-kind');
  if (kinds.options.length !== view.jobKinds.length) {
    kinds.replaceChildren(...view.jobKinds.map((kind) => new Option(kind, kind)));
  }
};

const showCounters = () => {
  byId('counters').replaceChildren(
    ...Object.entries(view.counters).flatMap(([name, value]) => [
      element('dt', { textContent: name }),
      element('dd', { textContent: value.toLocaleString() }),
    ]),
  );
};

const supplyRow = ([supply]) => {
  const row = element('li');
  const refill = element('button', { type: 'button', textContent: 'Refill' });
  refill.setAttribute('aria-label', `Refill ${supply}`);
  refill.addEventListener('click', () => press('refill', { supply }));
  row.append(
    element('span'),
    refill,
    element('meter', { min: 0, max: 100, low: 10, high: 20, optimum: 100 }),
  );
  return row;
};

const updateSupply = (row, [supply, percent]) => {
  row.querySelector('span').textContent = `${supply} ${Math.round(percent)} %`;
  row.querySelector('meter').value = percent;
};

const OUTCOMES = {
  open: ['under way', 'wait'],
  pending: ['will be answered', 'wait'],
  succeeded: ['answered', 'good'],
  failed: ['failed', 'bad'],
  unanswered: ['not answered', 'bad'],
};

const callRow = ({ at, reason, outcome }) => {
  const row = element('li');
  const [text, colour] = OUTCOMES[outcome] ?? [outcome, ''];
  const time = new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  row.append(
    element('p', { textContent: reason }),
    element('span', { className: `chip ${colour}`, textContent: `${time} ${text}` }),
  );
  return row;
};

const showRest = () => {
  const supplies = Object.entries(view.supplies);
  byId('supplies-card').hidden = supplies.length === 0;
  showRows(byId('supplies'), supplies, ([supply]) => supply, supplyRow, updateSupply);
  byId('applications-card').hidden = view.applications.length === 0;
  byId('applications').replaceChildren(
    ...view.applications.map(({ name, state }) =>
      chip(`${name} ${state}`, state === 'running' ? 'good' : ''),
    ),
  );
  byId('calls-card').hidden = view.calls.length === 0;
  byId('calls').replaceChildren(...[...view.calls].reverse().map(callRow));
};

const draw = () => {
  if (view !== undefined) drawSignals(byId('signals'), view.signals, Date.now() + ahead, seconds);
};

const show = (told) => {
  view = told;
  ahead = told.at - Date.now();
  showState();
  showDisplay();
  showKeys();
  showJobs();
  showCounters();
  showRest();
  draw();
};

const events = new EventSource(`${api}/events`);
events.addEventListener('view', ({ data }) => {
  notify('');
  show(JSON.parse(data));
});
events.addEventListener('error', () => notify('The connection to the device is lost; trying again …'));

// The lines go on while nothing happens.
setInterval(draw, 250);
addEventListener('resize', draw);

for (const button of document.querySelectorAll('[data-key]')) {
  button.addEventListener('click', () => press(button.dataset.key, JSON.parse(button.dataset.body ?? '{}')));
}
byId('power').addEventListener('click', () => press('power', { on: view?.power !== 'running' }));
const submitted = (form, send) =>
  byId(form).addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
submitted('copy-form', () => press('start', { kind: 'copy', units: byId('copies').valueAsNumber }));
submitted('job-form', () =>
  press('start', { kind: byId('job-kind').value, units: byId('job-units').valueAsNumber }),
);
submitted('call-form', () => {
  press('call-service', { reason: byId('reason').value });
  byId('reason').value = '';
});
for (const choice of document.querySelectorAll('[data-seconds]')) {
  choice.addEventListener('click', () => {
    seconds = Number(choice.dataset.seconds);
    for (const other of document.querySelectorAll('[data-seconds]')) {
      other.setAttribute('aria-pressed', String(other === choice));
    }
    draw();
  });
}
