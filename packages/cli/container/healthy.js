// Is what runs in this container ready? `node healthy.js [--wait] PROBE…` exits with 0 when every probe answers, with
// `--wait` as soon as each has:
//   https://HOST:PORT/PATH (trusts the CA in POSTERN_CA_FILE), http://HOST:PORT/PATH, unix:SOCKET:/PATH, tcp:HOST:PORT
// Without the command line's packages: it must start quickly.
import { readFileSync } from 'node:fs';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const LIMIT = 4_000;
/** How long is waited, in all; docker-compose.yml gives up a little later. */
const WAIT_LIMIT = 20_000;
const PAUSE = 250;

const answers = (request) =>
  new Promise((resolve, reject) => {
    request.once('response', (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`status ${response.statusCode}`));
    });
    request.once('error', reject);
    request.setTimeout(LIMIT, () => request.destroy(new Error('no answer')));
    request.end();
  });

const accepts = (host, port) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: LIMIT });
    socket.once('connect', () => resolve(socket.destroy()));
    socket.once('timeout', () => reject(new Error('no answer')));
    socket.once('error', reject);
  });

const probe = (text) => {
  const [kind, first, second] = text.split(':');
  if (kind === 'tcp') return accepts(first, Number(second));
  if (kind === 'unix') return answers(http({ socketPath: first, path: second }));
  if (kind === 'http') return answers(http(text));
  return answers(https(text, { ca: readFileSync(process.env.POSTERN_CA_FILE) }));
};

const [option, ...others] = process.argv.slice(2);
const waits = option === '--wait';
const deadline = performance.now() + (waits ? WAIT_LIMIT : 0);
for (const text of waits ? others : [option, ...others]) {
  for (;;) {
    try {
      await probe(text);
      break;
    } catch (error) {
      if (performance.now() >= deadline) {
        console.error(`${text}: ${error.message}`);
        process.exit(1);
      }
      await pause(PAUSE);
    }
  }
}
