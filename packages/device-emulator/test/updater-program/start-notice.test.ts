import { createServer, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { intermediaryContract } from '@postern/contracts';
import { Seconds, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { START_NOTICE_ACTION, writeStartNotice } from '../../src/updater-program/notice.ts';
import { postNotice } from '../../src/updater-program/post-notice.ts';
import { startSite } from '../support/site.ts';
import { afterwards } from '../support/temporary.ts';

const NOTICE = {
  deviceId: 'mfp-1',
  program: 'updater-program',
  bulkPath: { host: '127.0.0.1', port: 2_121 },
} as const;
const forever = new AbortController().signal;

/** @spec D5 U6 */
describe('the start notice of the updater program', () => {
  test('is what the contract says', async () => {
    expect(START_NOTICE_ACTION).toBe(intermediaryContract.operations.NotifyStart.soapAction);
    const { intermediary } = await startSite();
    const full = { ...NOTICE, jobId: 'job-1', mac: 'ab'.repeat(32) };
    await postNotice(intermediary.noticeUrl, writeStartNotice(full), systemClock, forever);
    await postNotice(intermediary.noticeUrl, writeStartNotice(NOTICE), systemClock, forever);
    expect(intermediary.starts.map(({ notice }) => notice)).toEqual([full, NOTICE]);
  });

  test('escapes what it is given', () => {
    const notice = writeStartNotice({ ...NOTICE, deviceId: '<a>&amp;' });
    expect(notice).toContain('<i:deviceId>&lt;a&gt;&amp;amp;</i:deviceId>');
  });

  test('is known to be refused when the intermediary answers with a fault', async () => {
    const { intermediary } = await startSite();
    intermediary.refusals = 1;
    await expect(
      postNotice(intermediary.noticeUrl, writeStartNotice(NOTICE), systemClock, forever),
    ).rejects.toMatchObject({ code: 'notice-refused' });
  });
});

const serve = async (onConnection: (socket: Socket) => void): Promise<string> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/notice`;
};

describe('posting a notice', () => {
  test.each([
    ['nothing', ''],
    ['something else than HTTP', '220 Ready\r\n'],
    ['a status line that never ends', 'x'.repeat(100_000)],
    ['an error', 'HTTP/1.1 503 Busy\r\n\r\n'],
  ])('fails when the answer is %s', async (_, answer) => {
    const url = await serve((socket) => socket.end(answer));
    await expect(postNotice(url, '', systemClock, forever)).rejects.toMatchObject({
      code: expect.stringMatching(/^notice-(refused|unreachable)$/),
    });
  });

  test('looks at the status line only', async () => {
    const url = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<no'));
    await expect(postNotice(url, '', systemClock, forever)).resolves.toBeUndefined();
  });

  test('gives up when nobody is there, when nobody answers, and when it is told to', async () => {
    await expect(postNotice('http://127.0.0.1:1/', '', systemClock, forever)).rejects.toMatchObject({
      code: 'notice-unreachable',
    });
    const clock = new VirtualClock();
    const url = await serve(() => {});
    const posting = postNotice(url, '', clock, forever);
    await Promise.all([
      expect(posting).rejects.toMatchObject({ code: 'deadline-exceeded' }),
      clock.advance(Seconds(15)),
    ]);
    const stop = new AbortController();
    const stopped = postNotice(url, '', clock, stop.signal);
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  });
});
