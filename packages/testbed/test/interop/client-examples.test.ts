import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { type RealTopology, startTopology } from '@postern/testbed';
import { afterwards, keepForFile, temporaryDirectory } from '../support/afterwards.ts';
import { FACTORY } from '../support/printer-site.ts';
import { JVM, LIBRARIES } from './toolkits/jax-ws.ts';
import { run } from './toolkits/toolkit.ts';

const LIMIT = 120_000;
const EXAMPLES = fileURLToPath(new URL('../../../../examples/clients/', import.meta.url));
const CONTRACT = fileURLToPath(new URL('../../../../wsdl/operator.wsdl', import.meta.url));
const DEVICES = ['printer-1', 'printer-2'];

let topology: RealTopology;
let where: readonly string[];
let expected: readonly string[];

beforeAll(async () => {
  keepForFile();
  const devices = DEVICES.map((id) => ({ id, profile: 'mfp', firmware: FACTORY }));
  topology = await startTopology({
    directory: await temporaryDirectory(),
    sites: [{ name: 'site-a', devices }],
  });
  afterwards(() => topology.close());
  const { client } = topology.operator;
  await topology.operator.devicesKnown(DEVICES);
  const order = await client.orderRequests({ kind: 'GetCounters', targets: DEVICES, deadlineSeconds: 60 });
  await topology.operator.until('the counters were read', async () => (await client.order(order.id)).ended);
  const { restPort, operatorTokenFile } = topology.server.ready;
  const ca = join(topology.files.identityDir({ role: 'server', name: 'server' }), 'ca.pem');
  where = [`https://localhost:${restPort}`, ca, operatorTokenFile];
  const counted = await Promise.all(DEVICES.map((id) => client.device(id)));
  expected = counted.flatMap(({ id, counters }) =>
    (counters ?? []).map(({ name, value }) => `${id},${name},${value}`),
  );
  expect(expected.length).toBeGreaterThan(2);
}, LIMIT);

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

test.each([
  ['/usr/bin/python3', 'counters.py'],
  ['php', 'counters.php'],
  [process.execPath, 'counters-soap.js'],
  [process.execPath, 'counters-strong-soap.js'],
])(
  '%s %s reads the counters of all devices',
  async (command, program) => {
    expect(lines(await run(command, [join(EXAMPLES, program), ...where]))).toEqual(expected);
  },
  LIMIT,
);

test(
  'Counters.java reads the counters of all devices',
  async () => {
    const directory = await temporaryDirectory();
    const [classes, sources] = [join(directory, 'classes'), join(directory, 'sources')];
    await Promise.all([mkdir(classes), mkdir(sources)]);
    await run('wsimport', ['-quiet', '-Xnocompile', '-s', sources, CONTRACT]);
    const made = (await readdir(sources, { recursive: true })).filter((name) => name.endsWith('.java'));
    const classPath = [...LIBRARIES, classes].join(':');
    const files = [...made.map((name) => join(sources, name)), join(EXAMPLES, 'Counters.java')];
    await run('javac', [
      ...JVM.map((flag) => `-J${flag}`),
      '-nowarn',
      '-cp',
      classPath,
      '-d',
      classes,
      ...files,
    ]);
    expect(lines(await run('java', [...JVM, '-cp', classPath, 'Counters', ...where]))).toEqual(expected);
  },
  LIMIT,
);
