import { describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { createEngine } from '../../src/adapters/engine.ts';
import { type JobKind, MOST_RESERVED_JOBS } from '../../src/domain/job-queue.ts';

const prepared = () => {
  const clock = new VirtualClock();
  const finished: JobKind[] = [];
  return { clock, finished, engine: createEngine(clock, (kind) => finished.push(kind)) };
};

const forever = new AbortController().signal;

/** @spec U5 */
describe('the engine', () => {
  test('does one job after the other, on the clock', async () => {
    const { clock, finished, engine } = prepared();
    engine.start({ kind: 'copy', duration: Seconds(10) });
    engine.start({ kind: 'scan', duration: Seconds(5) });
    await clock.advance(Seconds(10));
    expect(finished).toEqual(['copy']);
    expect(engine.busy).toBe(true);
    await clock.advance(Seconds(5));
    expect(finished).toEqual(['copy', 'scan']);
    expect(engine.busy).toBe(false);
    expect(clock.pending).toBe(0);
  });

  test('is held only when nothing runs or is reserved, and then starts nothing', async () => {
    const { clock, engine } = prepared();
    const job = engine.start({ kind: 'copy', duration: Seconds(10) });
    let held = false;
    const holding = engine.holdWhenIdle(forever).then((hold) => {
      held = true;
      return hold;
    });
    engine.start({ kind: 'fax', duration: Seconds(10) });
    job.end();
    await clock.advance(Seconds(9));
    expect(held).toBe(false);
    await clock.advance(Seconds(1));
    const hold = await holding;
    engine.start({ kind: 'print', duration: Seconds(1) });
    expect(engine.busy).toBe(false);
    hold.release();
    expect(engine.busy).toBe(true);
  });

  test('is held beside a job that blocks no update, and starts the next of these only when released', async () => {
    const clock = new VirtualClock();
    const engine = createEngine(
      clock,
      () => {},
      (kind) => kind !== 'cool',
    );
    engine.start({ kind: 'cool', duration: Seconds(10) });
    const next = engine.start({ kind: 'cool', duration: Seconds(10) });
    const hold = await engine.holdWhenIdle(forever);
    await clock.advance(Seconds(60));
    expect(engine.busy).toBe(false);
    hold.release();
    await clock.advance(Seconds(10));
    expect(await next.ended).toBe('finished');
  });

  test('lets a wait be cancelled', async () => {
    const { engine } = prepared();
    engine.start({ kind: 'copy', duration: Seconds(10) });
    const wait = new AbortController();
    const holding = engine.holdWhenIdle(wait.signal);
    wait.abort();
    await expect(holding).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('loses its jobs with the power', async () => {
    const { clock, engine, finished } = prepared();
    const job = engine.start({ kind: 'copy', duration: Seconds(10) });
    engine.stop();
    expect(await job.ended).toBe('lost');
    expect(clock.pending).toBe(0);
    expect(finished).toEqual([]);
    expect(() => engine.start({ kind: 'copy', duration: Seconds(1) })).toThrow('switched off');
  });

  test('reserves no more jobs than its queue holds', () => {
    const { engine } = prepared();
    const start = () => engine.start({ kind: 'copy', duration: Seconds(1) });
    for (let jobs = 0; jobs <= MOST_RESERVED_JOBS; jobs += 1) start();
    expect(start).toThrow(expect.objectContaining({ code: 'engine-queue-full' }));
  });
});
