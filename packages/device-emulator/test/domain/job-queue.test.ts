import { describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { advanceJobs, IDLE_QUEUE, type Job, type JobQueue } from '../../src/domain/job-queue.ts';

const job = (id: number): Job => ({
  id,
  kind: 'print',
  units: 1,
  unitTime: Seconds(1),
  blocksUpdate: true,
});

const running: JobQueue = { ...IDLE_QUEUE, running: job(1) };
const reserved: JobQueue = { ...running, reserved: [job(2), job(3)] };
/** Nothing that an installation would wait for. */
const humming: JobQueue = { ...running, running: { ...job(1), blocksUpdate: false } };
const held: JobQueue = { ...IDLE_QUEUE, held: true };
const heldWithJob: JobQueue = { ...held, reserved: [job(4)] };
const notReady: JobQueue = { ...IDLE_QUEUE, ready: false };
const notReadyWithJob: JobQueue = { ...notReady, reserved: [job(4)] };

/** @spec U5 D3 */
describe('the job queue', () => {
  test.each([
    ['starts a job at once when idle', IDLE_QUEUE, { type: 'submit', job: job(1) }, running],
    [
      'reserves behind a running job',
      running,
      { type: 'submit', job: job(2) },
      { ...running, reserved: [job(2)] },
    ],
    [
      'starts the next when one ends',
      reserved,
      { type: 'ended', id: 1 },
      { ...running, running: job(2), reserved: [job(3)] },
    ],
    [
      'takes out a reserved job that ends',
      reserved,
      { type: 'ended', id: 2 },
      { ...running, reserved: [job(3)] },
    ],
    ['ignores the end of a job it does not know', running, { type: 'ended', id: 9 }, running],
    ['is held when idle', IDLE_QUEUE, { type: 'hold' }, held],
    ['is not held while a job runs', running, { type: 'hold' }, running],
    ['is held beside a job that nothing waits for', humming, { type: 'hold' }, { ...humming, held: true }],
    ['is not held twice', held, { type: 'hold' }, held],
    ['starts nothing while held', held, { type: 'submit', job: job(4) }, heldWithJob],
    ['starts what waited when released', heldWithJob, { type: 'release' }, { ...running, running: job(4) }],
    ['reserves while the engine is not ready', notReady, { type: 'submit', job: job(4) }, notReadyWithJob],
    [
      'starts what waited when the engine is ready',
      notReadyWithJob,
      { type: 'engine', ready: true },
      { ...running, running: job(4) },
    ],
    ['is not held while the engine is not ready', notReady, { type: 'hold' }, notReady],
    [
      'keeps the running job when the engine fails',
      running,
      { type: 'engine', ready: false },
      { ...running, ready: false },
    ],
  ] as const)('%s', (_, before, event, after) => {
    expect(advanceJobs(before, event)).toEqual(after);
  });
});
