import { Instant } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import { type DeviceProfile, profileNamed } from '@postern/device-emulator';
import { contentsInMemory, type FileContents } from '../../src/adapters/files/file-contents.ts';
import type { DeviceMemory, NvRamContent } from '../../src/adapters/flash/nv-ram.ts';
import { createDeviceLog, type DeviceLog } from '../../src/domain/device-log.ts';
import { type RemoteOperations, remoteOperations } from '../../src/firmware/operations/remote-operations.ts';

/** NV-RAM that only this test knows, with the point at which the next write breaks off. */
export interface TestMemory extends DeviceMemory {
  content: NvRamContent;
  /** What happens to the next write: lost with the power before it, or durable although nobody heard of it. */
  breaks?: 'before' | 'after' | undefined;
  writes: number;
}

export const testMemory = (
  content: NvRamContent = { counters: {}, parameters: {}, ports: {} },
): TestMemory => ({
  content,
  writes: 0,
  async update(change) {
    const { breaks } = this;
    this.breaks = undefined;
    if (breaks === 'before') throw new Error('The power went before the write');
    // As on the disk: nothing but plain data comes back.
    this.content = JSON.parse(JSON.stringify(change(this.content))) as NvRamContent;
    this.writes += 1;
    if (breaks === 'after') throw new Error('The power went after the write');
  },
});

/** The remote operations of a device that has neither disk nor network. */
export interface TestRemote {
  readonly operations: RemoteOperations;
  readonly memory: TestMemory;
  readonly contents: FileContents;
  readonly clock: VirtualClock;
  readonly log: DeviceLog;
  /** What the operations did beside NV-RAM, in order. */
  readonly done: string[];
}

export const CALL = { operation: '', peer: undefined, remoteAddress: '' } as never;

/** @param from what is there already, of a life before */
export const remoteOf = (
  from: {
    readonly memory?: TestMemory;
    readonly contents?: FileContents;
    readonly profile?: DeviceProfile;
    readonly updating?: boolean;
    readonly startJob?: (job: string, units: number) => void;
  } = {},
): TestRemote => {
  const { memory = testMemory(), contents = contentsInMemory(), profile = profileNamed('mfp') } = from;
  const clock = new VirtualClock(Instant(Date.UTC(2026, 0, 1)));
  const log = createDeviceLog(clock);
  const done: string[] = [];
  const operations = remoteOperations({
    profile,
    deviceId: 'mfp-1',
    nvRam: memory,
    contents,
    clock,
    log,
    logger: log.tee(memoryLogger()),
    versions: () => ({ firmware: '1.0', 'scan-app': '2.0', 'print-app': '3.0' }),
    startJob:
      from.startJob ??
      ((job, units) => {
        done.push(`job ${job} ${units}`);
      }),
    withAbnormality: (content, code, text) => ({
      ...content,
      notices: [{ kind: 'abnormality', noticeId: 'n-1', at: clock.now(), code, text }],
    }),
    sendNotices: () => done.push('send notices'),
    showResult: ({ text }) => done.push(`panel ${text}`),
    show: (line) => done.push(`panel ${line}`),
    updating: () => from.updating ?? false,
    restart: () => done.push('restart'),
    signal: new AbortController().signal,
  });
  return { operations, memory, contents, clock, log, done };
};
