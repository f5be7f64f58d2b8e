import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { expect, test } from '@jest/globals';
import { Milliseconds, Seconds, sleep, systemClock, withDeadline } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import type { StartNotice } from '@postern/software-update';
import { notifyStart } from '../../src/own-software/notify-start.ts';
import { afterThisTest } from '../support/directory.ts';
import { START } from '../support/software.ts';

/** A parent that answers with these bytes; none: it never answers. */
const parent = async (answer: string): Promise<{ port: number; calls: () => number }> => {
  let calls = 0;
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      calls += 1;
      if (answer !== '') socket.end(answer);
    });
    afterThisTest(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterThisTest(() => server.close());
  return { port: (server.address() as AddressInfo).port, calls: () => calls };
};

const until = (what: string, question: () => boolean): Promise<void> =>
  withDeadline(systemClock, Seconds(10), what, undefined, async (signal) => {
    while (!question()) await sleep(systemClock, Milliseconds(5), signal);
  });

/** @spec U6 U21 */
test.each([
  ['refuses it', 'HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n'],
  ['never answers', ''],
])('a start is notified again to a parent that %s, until the job has ended', async (_, answer) => {
  const { port, calls } = await parent(answer);
  const clock = new VirtualClock(START);
  const logger = memoryLogger();
  let notice: StartNotice = { jobId: 'job-1', notifyStartAt: { host: '127.0.0.1', port } };
  const done = notifyStart({
    deviceId: 'site-a',
    bulkPath: { host: '127.0.0.1', port: 21 },
    notice: () => notice,
    clock,
    logger,
    signal: new AbortController().signal,
  });
  await until('it is called', () => calls() === 1);
  if (answer === '') await clock.advance(Seconds(15));
  await until('the failure is told', () => logger.lines.length === 1);
  await clock.advance(Seconds(1));
  await until('it is called again', () => calls() === 2);
  notice = {};
  if (answer === '') await clock.advance(Seconds(15));
  await until('that, too', () => logger.lines.length === 2);
  await clock.advance(Seconds(2));
  await done;
  expect(calls()).toBe(2);
});
