import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { silentLogger, systemClock, systemEntropy } from '@postern/core';
import { updateDirect } from '../src/update-direct.ts';
import { commandLine } from './support/command-line.ts';
import { loneSite } from './support/lone-site.ts';

jest.setTimeout(40_000);

let world: Awaited<ReturnType<typeof loneSite>>;
const { output, errors, ...line } = commandLine();

beforeEach(async () => {
  world = await loneSite();
});
afterEach(() => world.close());

/** @returns exit code, and what was printed */
const postern = async (...argv: string[]): Promise<{ code: number; text: string; error: string }> => {
  const code = await line.postern(...argv);
  return { code, text: output.join(''), error: errors.join('') };
};

const site = (...argv: string[]) => postern('site', ...argv, '--data-dir', world.path('site'));
const jsonOf = ({ text }: { text: string }) => JSON.parse(text) as Record<string, unknown>;

const bundle = async (name: string): Promise<string> => {
  await world.release();
  const out = world.path(name);
  const files = ['--manifest', world.path('manifest.json'), '--image', world.path('image.bin')];
  expect(await postern('software', 'bundle', ...files, '--out', out)).toMatchObject({ code: 0 });
  return out;
};

/** @spec I4 I5 */
test('a site that works alone: from the medium to the verified update', async () => {
  const { securePath } = await world.startPrinter(await world.startSite());
  expect(jsonOf(await site('status', '--json'))).toMatchObject({ name: 'site-a', uplink: null });
  const imported = await postern(
    'software',
    'import',
    await bundle('release'),
    '--data-dir',
    world.path('site'),
  );
  expect(imported).toMatchObject({ code: 0, text: expect.stringContaining('On the shelf: printer-release') });
  const again = await postern(
    'software',
    'import',
    await bundle('release.tar'),
    '--data-dir',
    world.path('site'),
  );
  expect(again.text.split(',')[0]).toBe(imported.text.split(',')[0]);

  const adopted = await site('adopt', 'printer-1', '127.0.0.1', `${securePath?.port}`);
  expect(adopted).toMatchObject({ code: 0, text: expect.stringContaining('printer-1 is a ') });
  const ordered = await site('order', '--device', 'printer-1', '--watch', '--json');
  const events = ordered.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(ordered.code).toBe(0);
  expect(events.at(-1)).toMatchObject({
    event: 'update-finished',
    state: 'verified',
    orderedBy: 'operation-port',
  });
  expect(events[0]).toMatchObject({ event: 'step', step: expect.any(String) });

  const { id } = events.at(-1) as { id: string };
  expect((await site('updates')).text).toContain('verified');
  expect((await site('updates', id)).text).toContain('one-time password stored');
  expect((await site('updates', id, '--watch')).code).toBe(0);
  expect(await site('cancel', id)).toMatchObject({ code: 1 });
  expect((await site('devices')).text).toContain('firmware 2.0.0');

  expect((await site('software')).text).toContain('printer-release');
  expect(await site('software', 'remove', 'printer-release')).toMatchObject({ code: 0 });
  expect(await site('order', '--device', 'printer-1')).toMatchObject({
    code: 1,
    error: expect.stringContaining('no-software'),
  });
});

/** @spec I3 I4 */
test('the schedule is shown and set', async () => {
  await world.startSite();
  expect((await site('schedule')).text).toBe('TASK  WHEN  NEXT\n');
  expect((await site('schedule', '--check-versions', 'PT6H')).text).toContain('check-versions  PT6H');
  expect(
    (await site('schedule', '--check-versions', 'PT6H', '--check-versions', '0 3 * * 1-5')).text,
  ).toContain('check-versions  0 3 * * 1-5');
  expect((await site('schedule', '--check-versions', 'daily')).code).toBe(1);
  expect((await site('schedule', '--read-counters', 'PT6H')).code).toBe(1);
  expect((await site('schedule')).text).toContain('0 3 * * 1-5');
  expect((await site('schedule', '--none')).text).toBe('TASK  WHEN  NEXT\n');
});

/** @spec I4 */
test('without an intermediary the command says so', async () => {
  expect(await site('status')).toMatchObject({ code: 1, error: expect.stringContaining('site-not-running') });
});

/** @spec I5 */
test('a bundle holds exactly the images of its manifest', async () => {
  await world.release();
  const manifest = ['--manifest', world.path('manifest.json')];
  const wrong = await postern(
    'software',
    'bundle',
    ...manifest,
    '--image',
    world.path('vendor.pub'),
    '--out',
    'x',
  );
  expect(wrong).toMatchObject({ code: 1, error: expect.stringContaining('bundle-images-wrong') });
  const none = ['--manifest', world.path('vendor.pub'), '--image', world.path('image.bin')];
  expect(await postern('software', 'bundle', ...none, '--out', 'x')).toMatchObject({
    code: 1,
    error: expect.stringContaining('manifest-unreadable'),
  });
});

/** @spec U20 */
test('the stand-alone tool updates a device that knows it, and finds nothing to do afterwards', async () => {
  const printer = await world.startPrinter();
  const direct = (...more: string[]) =>
    postern(
      ...['update', 'direct', '--device', 'printer-1', '--host', '127.0.0.1'],
      ...['--secure-port', `${printer.securePath?.port}`, '--identity', world.path('tool-1')],
      ...['--vendor-key', world.path('vendor.pub'), '--state', world.path('state'), '--json', ...more],
    );
  expect(await direct()).toMatchObject({ code: 1, error: expect.stringContaining('nothing-to-install') });
  await world.release();
  const files = ['--manifest', world.path('manifest.json'), '--image', `firmware=${world.path('image.bin')}`];
  const first = await direct(...files);
  expect(first).toMatchObject({ code: 0, error: '' });
  expect(first.text).toContain('"step":"S115"');
  expect(printer.versions).toMatchObject({ firmware: '2.0.0' });
  const second = await direct('--bundle', await bundle('release.tar'));
  expect(second).toMatchObject({ code: 0 });
  expect(second.text).toContain('"state":"not-required"');
});

/** @spec U20 X6 */
test.each(['S105', 'S112'])('the tool that is ended at %s goes on with the same command', async (ending) => {
  const printer = await world.startPrinter();
  await world.release();
  const update = {
    device: 'printer-1',
    host: '127.0.0.1',
    securePort: printer.securePath?.port ?? 0,
    manifest: world.path('manifest.json'),
    image: [world.path('image.bin')],
    identity: world.path('tool-1'),
    vendorKey: [world.path('vendor.pub')],
    vendorThreshold: 1,
    state: world.path('state'),
    deadline: 3_600,
  };
  const stop = new AbortController();
  const ids = new Set<unknown>();
  const surroundings = {
    clock: systemClock,
    entropy: systemEntropy,
    logger: silentLogger,
    printer: {
      line: (_text: string, event: object) => {
        if ('updateId' in event) ids.add(event.updateId);
      },
      progress: () => {},
      step: ({ step }: { readonly step: string }) => {
        if (step === ending) stop.abort();
      },
    },
  };
  await expect(updateDirect(update, { ...surroundings, signal: stop.signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
  const result = await updateDirect(update, { ...surroundings, signal: new AbortController().signal });
  expect(result).toMatchObject({ state: 'verified', credential: 'erased' });
  expect([...ids]).toEqual([result?.id]);
  expect(printer.versions).toMatchObject({ firmware: '2.0.0' });
});
