import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { commandLine } from './support/command-line.ts';
import { loneSite } from './support/lone-site.ts';

jest.setTimeout(40_000);

let world: Awaited<ReturnType<typeof loneSite>>;
const { output, errors, postern } = commandLine();

beforeEach(async () => {
  world = await loneSite();
});
afterEach(() => world.close());

const site = async (...argv: string[]): Promise<{ code: number; text: string; error: string }> => {
  const code = await postern('site', ...argv, '--data-dir', world.path('site'));
  return { code, text: output.join(''), error: errors.join('') };
};

const jsonOf = async (...argv: string[]): Promise<unknown[]> =>
  (await site(...argv, '--json')).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** A port for multicast DNS that nobody else listens on. */
const quietPort = async (): Promise<number> => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
};

/** @spec I1 I3 I4 */
test('a device is found by what it announces, and in a range; it is adopted, released, and adopted again', async () => {
  const lan = { port: await quietPort(), interface: '127.0.0.1' };
  const printer = await world.startPrinter(undefined, { dnsSd: lan });
  const port = printer.securePath?.port ?? 0;
  await world.startSite({
    adoption: 'confirm',
    search: { ports: [port], probeTimeout: 30, dnsSd: { ...lan, window: 1 } },
  });
  const found = await site('search');
  expect(found).toMatchObject({ code: 0, text: expect.stringContaining('waits to be adopted') });
  expect(found.text).toContain(`127.0.0.1 port ${port}`);
  expect(await jsonOf('connections')).toMatchObject([
    [{ id: 'printer-1', state: 'found', address: '127.0.0.1' }],
  ]);
  expect(await site('order', '--device', 'printer-1')).toMatchObject({
    code: 1,
    error: expect.stringContaining('device-not-active'),
  });

  const events = await jsonOf('search', '--range', '127.0.0.1-127.0.0.2', '--adopt');
  expect(events.at(-1)).toMatchObject({
    event: 'search-finished',
    asked: 2,
    devices: [{ id: 'printer-1', standing: 'active' }],
  });
  expect((await site('release', 'printer-1')).text).toBe('printer-1 is released\n');
  expect((await site('connections')).text).toContain('released');
  expect((await site('adopt', 'printer-1')).text).toContain('printer-1 is a ');
  expect(await jsonOf('connections')).toMatchObject([[{ id: 'printer-1', state: 'active' }]]);
});

test('a search that may not be is refused with what to do, and a host needs its port', async () => {
  await world.startSite();
  for (const [range, code] of [
    ['everywhere', 'range-invalid'],
    ['10.0.0.0/8', 'range-too-large'],
    ['8.8.8.8', 'range-not-allowed'],
  ] as const) {
    const refused = await site('search', '--range', range);
    expect(refused).toMatchObject({ code: 1, error: expect.stringContaining(code) });
  }
  expect(await site('adopt', 'printer-1', '127.0.0.1')).toMatchObject({
    code: 2,
    error: expect.stringContaining('needs its port'),
  });
  expect(await site('adopt', 'printer-1')).toMatchObject({
    code: 1,
    error: expect.stringContaining('device-unknown'),
  });
});
