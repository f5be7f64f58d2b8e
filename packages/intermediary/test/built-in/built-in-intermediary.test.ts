import { expect, test } from '@jest/globals';
import { PosternError, silentLogger } from '@postern/core';
import { type Intermediary, parseConfig } from '@postern/intermediary';
import { startBuiltIn } from '../../src/built-in/built-in-intermediary.ts';

const CONFIG = parseConfig({
  dataDir: 'data',
  identityDir: 'identity',
  secure: { port: 0 },
  notice: { port: 0 },
  vendorKeyFiles: ['vendor.pub'],
});

/** Starts that tell what happened; the system gives out ports from 1000 on. */
const doubleOf = () => {
  const events: string[] = [];
  let failing = false;
  let given = 1_000;
  const portOf = (wanted: number): number => {
    if (wanted !== 0) return wanted;
    given += 1;
    return given;
  };
  const start = async (config: typeof CONFIG): Promise<Intermediary> => {
    if (failing) throw new PosternError('listen-failed', 'The port is taken');
    const [securePort, noticePort] = [portOf(config.secure.port), portOf(config.notice.port)];
    events.push(`started on ${securePort} and ${noticePort}`);
    const close = async (): Promise<void> => {
      events.push('closed');
    };
    return { name: 'car', securePort, noticePort, close } as unknown as Intermediary;
  };
  const fail = (now: boolean): void => {
    failing = now;
  };
  return { events, start, fail };
};

const started = async (double = doubleOf()) => ({
  ...double,
  builtIn: await startBuiltIn({ config: CONFIG, start: double.start, logger: silentLogger }),
});

/** @spec T3 */
test('ends with the power of its device and comes back on its ports', async () => {
  const { builtIn, events } = await started();
  builtIn.follow('stopped');
  builtIn.follow('started');
  await builtIn.close();
  expect(events).toEqual(['started on 1001 and 1002', 'closed']);

  const other = await started();
  other.builtIn.follow('stopped');
  await turnOver();
  expect(other.builtIn.running).toBeUndefined();
  other.builtIn.follow('started');
  await turnOver();
  expect(other.builtIn.running?.securePort).toBe(1_001);
  await other.builtIn.close();
  expect(other.events).toEqual(['started on 1001 and 1002', 'closed', 'started on 1001 and 1002', 'closed']);
});

test('what could not start is tried again when the device starts the next time', async () => {
  const { builtIn, events, fail } = await started();
  builtIn.follow('stopped');
  await turnOver();
  fail(true);
  builtIn.follow('started');
  await turnOver();
  expect(builtIn.running).toBeUndefined();
  fail(false);
  builtIn.follow('started');
  await turnOver();
  expect(builtIn.running).toBeDefined();
  await builtIn.close();
  await builtIn.close();
  expect(events.filter((event) => event === 'closed')).toHaveLength(2);
});

test('once closed it stays so', async () => {
  const { builtIn, events } = await started();
  await builtIn.close();
  builtIn.follow('started');
  await turnOver();
  expect(builtIn.running).toBeUndefined();
  expect(events).toEqual(['started on 1001 and 1002', 'closed']);
});

test('a first start that fails is told to whoever starts the device', async () => {
  const double = doubleOf();
  double.fail(true);
  await expect(started(double)).rejects.toMatchObject({ code: 'listen-failed' });
});

/** Everything that waits for its turn has had it. */
const turnOver = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
};
