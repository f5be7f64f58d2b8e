// Is what runs in this container ready? `node healthy.js PROBE…` exits with 0 when every probe answers:
//   https://HOST:PORT/PATH (trusts the CA in POSTERN_CA_FILE), http://HOST:PORT/PATH, unix:SOCKET:/PATH, tcp:HOST:PORT
// Without the command line's packages: it is run every few seconds.
import { readFileSync } from 'node:fs';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { connect } from 'node:net';

const LIMIT = 4_000;

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

for (const text of process.argv.slice(2)) {
  try {
    await probe(text);
  } catch (error) {
    console.error(`${text}: ${error.message}`);
    process.exit(1);
  }
}
