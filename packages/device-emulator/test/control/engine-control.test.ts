import { describe, expect, test } from '@jest/globals';
import { type Duration, Hours, Minutes, Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { EngineControl } from '../../src/control/engine-control.ts';
import { type JobKind, MOST_RESERVED_JOBS } from '../../src/domain/job-queue.ts';

const START_UP = Seconds(20);
const IDLE = Minutes(15);

/** An engine that has power, and all it tells. Signals are written `seconds PWRCTL ENGRDY`. */
const prepared = (savesAfter: Duration | undefined = IDLE) => {
  const clock = new VirtualClock();
  const began = clock.now();
  const told = {
    signals: [] as string[],
    pages: [] as JobKind[],
    finished: [] as JobKind[],
    trouble: [] as string[],
  };
  const idle: { after: Duration | undefined } = { after: savesAfter };
  const engine = new EngineControl({
    clock,
    times: { startUp: START_UP, savesEnergyAfter: () => idle.after },
    observer: {
      onSignals: ({ at, pwrctl, engrdy }) => told.signals.push(`${(at - began) / 1_000} ${pwrctl} ${engrdy}`),
      onUnit: (kind) => told.pages.push(kind),
      onFinished: (kind) => told.finished.push(kind),
      onTrouble: (trouble) => told.trouble.push(trouble),
    },
  });
  engine.powerOn();
  return { clock, engine, idle, ...told };
};

/** The same with an engine that has started. */
const ready = async (savesAfter?: Duration) => {
  const all = prepared(savesAfter);
  await all.clock.advance(START_UP);
  return all;
};

const job = (kind: JobKind, unitTime: Duration, units = 1) => ({
  kind,
  units,
  unitTime,
  blocksUpdate: kind !== 'cool',
});

const forever = new AbortController().signal;

/** @spec D2 */
describe('ENGRDY and PWRCTL', () => {
  test('at power-on: power at once, ready after the start-up time (A)', async () => {
    const { clock, engine, signals } = prepared();
    await clock.advance(Seconds(19));
    expect(signals).toEqual(['0 on high']);
    expect(engine.state).toBe('starting');
    await clock.advance(Seconds(1));
    expect(signals).toEqual(['0 on high', '20 on low']);
    expect(engine.state).toBe('ready');
  });

  test('into energy saving: both lines turn at once after the idle time (B)', async () => {
    const { clock, engine, signals } = await ready();
    await clock.advance(IDLE);
    expect(signals.slice(2)).toEqual(['920 off high']);
    expect(engine.state).toBe('energy-saving');
    expect(clock.pending).toBe(0);
  });

  test('back from energy saving, for a job (C)', async () => {
    const { clock, engine, signals, finished } = await ready();
    await clock.advance(IDLE);
    engine.start(job('copy', Seconds(2)));
    expect(engine.busy).toBe(false);
    await clock.advance(START_UP);
    expect(engine.busy).toBe(true);
    await clock.advance(Seconds(2));
    expect(signals.slice(3)).toEqual(['920 on high', '940 on low']);
    expect(finished).toEqual(['copy']);
  });

  /** @spec U5 */
  test('back from energy saving, for an update, which waits until the engine is ready', async () => {
    const { clock, engine, signals } = await ready();
    await clock.advance(IDLE);
    let held = false;
    const holding = engine.holdWhenIdle(forever).then((hold) => {
      held = true;
      return hold;
    });
    await clock.advance(Seconds(19));
    expect(held).toBe(false);
    await clock.advance(Seconds(1));
    const hold = await holding;
    expect(signals.slice(3)).toEqual(['920 on high', '940 on low']);
    await clock.advance(Hours(1));
    expect(engine.state).toBe('ready');
    hold.release();
    await clock.advance(IDLE);
    expect(engine.state).toBe('energy-saving');
  });

  test('by the energy-saver key, unless the engine is needed or starts', async () => {
    const { clock, engine, signals } = prepared();
    expect(engine.saveEnergy()).toBe(false);
    await clock.advance(START_UP);
    const { id } = engine.start(job('copy', Seconds(10)));
    expect(engine.saveEnergy()).toBe(false);
    engine.cancel(id);
    expect(engine.saveEnergy()).toBe(true);
    engine.wake();
    await clock.advance(START_UP);
    expect(signals).toEqual(['0 on high', '20 on low', '20 off high', '20 on high', '40 on low']);
  });

  test('stay as they are where the engine never saves energy', async () => {
    const { clock, engine, idle } = prepared();
    idle.after = undefined;
    await clock.advance(Hours(100));
    expect(engine.state).toBe('ready');
    idle.after = Minutes(1);
    engine.settingsChanged();
    await clock.advance(Minutes(1));
    expect(engine.state).toBe('energy-saving');
  });

  test('count the idle time from the end of the last job', async () => {
    const { clock, engine, signals } = await ready();
    await clock.advance(Minutes(14));
    engine.start(job('scan', Minutes(2)));
    await clock.advance(Minutes(2));
    await clock.advance(Minutes(14));
    expect(engine.state).toBe('ready');
    await clock.advance(Minutes(1));
    expect(signals.at(-1)).toBe(`${20 + 31 * 60} off high`);
  });

  test('show an engine that fails: power, and never ready until it is mended', async () => {
    const { clock, engine, signals, trouble, finished } = await ready();
    engine.start(job('print', Seconds(10)));
    await clock.advance(Seconds(5));
    engine.fail();
    await clock.advance(Hours(1));
    expect(signals.slice(2)).toEqual(['25 on high']);
    expect(trouble).toEqual(['engine-failure']);
    expect(finished).toEqual([]);
    engine.mend();
    await clock.advance(START_UP);
    await clock.advance(Seconds(10));
    expect(signals.slice(3)).toEqual(['3625 on high', '3645 on low']);
    expect(finished).toEqual(['print']);
  });

  test('show a failure that was not noticed in energy saving when the engine is woken', async () => {
    const { clock, engine, trouble } = await ready();
    engine.saveEnergy();
    engine.fail();
    expect(trouble).toEqual([]);
    engine.wake();
    await clock.advance(START_UP);
    expect(engine.state).toBe('failed');
    expect(trouble).toEqual(['engine-failure']);
  });
});

/** @spec D3 */
describe('jobs', () => {
  test('take engine time page by page, and one comes after the other', async () => {
    const { clock, engine, pages, finished } = await ready();
    engine.start(job('copy', Seconds(2), 3));
    engine.start(job('scan', Seconds(5)));
    await clock.advance(Seconds(4));
    expect(engine.jobs).toEqual([
      { id: 1, kind: 'copy', units: 3, done: 2, state: 'running' },
      { id: 2, kind: 'scan', units: 1, done: 0, state: 'reserved' },
    ]);
    await clock.advance(Seconds(7));
    expect(pages).toEqual(['copy', 'copy', 'copy', 'scan']);
    expect(finished).toEqual(['copy', 'scan']);
    expect(engine.busy).toBe(false);
    expect(clock.pending).toBe(1);
  });

  test('are cancelled while they run and while they are reserved; made pages stay made', async () => {
    const { clock, engine, pages, finished } = await ready();
    const running = engine.start(job('copy', Seconds(2), 3));
    const reserved = engine.start(job('print', Seconds(2)));
    await clock.advance(Seconds(3));
    expect([engine.cancel(reserved.id), engine.cancel(running.id), engine.cancel(running.id)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([await running.ended, await reserved.ended]).toEqual(['cancelled', 'cancelled']);
    expect(pages).toEqual(['copy']);
    expect(finished).toEqual([]);
    expect(engine.jobs).toEqual([]);
  });

  test('wait while paper is jammed, and make the page anew', async () => {
    const { clock, engine, pages, trouble } = await ready();
    engine.start(job('print', Seconds(10), 2));
    await clock.advance(Seconds(15));
    engine.jam();
    engine.jam();
    await clock.advance(Hours(1));
    expect(pages).toHaveLength(1);
    expect(trouble).toEqual(['paper-jam']);
    engine.mend();
    await clock.advance(Seconds(9));
    expect(pages).toHaveLength(1);
    await clock.advance(Seconds(1));
    expect(pages).toHaveLength(2);
  });

  test('are lost with the power', async () => {
    const { clock, engine, finished } = await ready();
    const { ended } = engine.start(job('copy', Seconds(10)));
    engine.stop();
    expect(await ended).toBe('lost');
    expect(clock.pending).toBe(0);
    expect(finished).toEqual([]);
    expect(() => engine.start(job('copy', Seconds(1)))).toThrow('switched off');
  });

  test('are reserved up to the length of the queue', async () => {
    const { engine } = await ready();
    const start = () => engine.start(job('copy', Seconds(1)));
    for (let jobs = 0; jobs <= MOST_RESERVED_JOBS; jobs += 1) start();
    expect(start).toThrow(expect.objectContaining({ code: 'engine-queue-full' }));
  });
});

/** @spec U5 */
describe('a hold', () => {
  test('is given only when nothing runs or is reserved, and then nothing starts', async () => {
    const { clock, engine } = await ready();
    const running = engine.start(job('copy', Seconds(10)));
    let held = false;
    const holding = engine.holdWhenIdle(forever).then((hold) => {
      held = true;
      return hold;
    });
    engine.start(job('fax', Seconds(10)));
    running.end();
    await clock.advance(Seconds(9));
    expect(held).toBe(false);
    await clock.advance(Seconds(1));
    const hold = await holding;
    engine.start(job('print', Seconds(1)));
    expect(engine.busy).toBe(false);
    hold.release();
    expect(engine.busy).toBe(true);
  });

  test('is given beside a job that blocks no update, and the next of these starts only when it is released', async () => {
    const { clock, engine } = await ready();
    engine.start(job('cool', Seconds(10)));
    const next = engine.start(job('cool', Seconds(10)));
    const hold = await engine.holdWhenIdle(forever);
    await clock.advance(Seconds(60));
    expect(engine.busy).toBe(false);
    hold.release();
    await clock.advance(Seconds(10));
    expect(await next.ended).toBe('finished');
  });

  test('is given to one at a time', async () => {
    const { engine } = await ready();
    const first = await engine.holdWhenIdle(forever);
    const second = engine.holdWhenIdle(forever);
    first.release();
    await expect(second).resolves.toMatchObject({});
  });

  test('is waited for until the wait is cancelled', async () => {
    const { engine } = await ready();
    engine.start(job('copy', Seconds(10)));
    const wait = new AbortController();
    const holding = engine.holdWhenIdle(wait.signal);
    wait.abort();
    await expect(holding).rejects.toMatchObject({ code: 'cancelled' });
  });
});
