import { describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { advanceJobs, IDLE_QUEUE, type Job, type JobQueue } from '../../src/domain/job-queue.ts';

const job = (id: number): Job => ({ id, kind: 'print', duration: Seconds(1), blocksUpdate: true });

const running: JobQueue = { running: job(1), reserved: [], held: false };
const reserved: JobQueue = { running: job(1), reserved: [job(2), job(3)], held: false };
/** Nothing that an installation would wait for. */
const humming: JobQueue = { ...running, running: { ...job(1), blocksUpdate: false } };
const held: JobQueue = { ...IDLE_QUEUE, held: true };
const heldWithJob: JobQueue = { ...held, reserved: [job(4)] };

/** @spec U5 */
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
  ] as const)('%s', (_, before, event, after) => {
    expect(advanceJobs(before, event)).toEqual(after);
  });
});
