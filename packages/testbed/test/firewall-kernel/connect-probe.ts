import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Endpoint, NodePlace } from '@postern/testbed';

const run = promisify(execFile);

/** How long an attempt may take: a connection within the machine takes a thousandth of it. */
const ATTEMPT_MS = 1_000;

/** What the probe runs: it connects to each argument and says what came of it. */
const PROBE = `
const { connect } = require('node:net');
const attempt = ([host, port]) => new Promise((resolve) => {
  const socket = connect({ host, port: Number(port) });
  const end = (outcome) => { socket.destroy(); resolve(outcome); };
  socket.once('connect', () => end('connected'));
  socket.once('error', ({ code }) => end(code));
  socket.setTimeout(${ATTEMPT_MS}, () => end('nothing'));
});
Promise.all(process.argv.slice(1).map((target) => attempt(target.split(' '))))
  .then((outcomes) => console.log(JSON.stringify(outcomes)));
`;

/** Connects from where a node is. `nothing`: not even a refusal came back. */
export const connectFrom = async (
  { launch }: NodePlace,
  endpoints: readonly Endpoint[],
): Promise<readonly string[]> => {
  const targets = endpoints.map(({ host, port }) => `${host} ${port}`);
  const [program = '', ...argv] = [...launch, process.execPath, '-e', PROBE, '--', ...targets];
  const { stdout } = await run(program, argv, { timeout: 10_000 });
  return JSON.parse(stdout) as readonly string[];
};

/** Every port that somebody listens on where a node is. */
export const listeningAt = async ({ launch }: NodePlace): Promise<readonly Endpoint[]> => {
  const [program = '', ...argv] = [...launch, 'ss', '-H', '-l', '-t', '-n'];
  const { stdout } = await run(program, argv, { timeout: 10_000 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [, host = '', port = ''] = /^LISTEN\s+\d+\s+\d+\s+(\S+):(\d+)/.exec(line) ?? [];
      return { host, port: Number(port) };
    });
};
