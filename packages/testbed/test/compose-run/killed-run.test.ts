import { expect, test } from '@jest/globals';
import { FakeEngine } from './fake-engine.ts';

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a run and its engine, and leaves nothing',
  async (signal) => {
    const engine = await FakeEngine.create();
    const run = engine.start(true);
    await engine.logged('building');
    run.kill(signal);
    const { how, said } = await run.ended;
    expect(said).toContain(`Ended by ${signal}`);
    expect(how).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(await engine.log()).toMatch(/^stop /m);
    expect(await engine.runs()).toEqual([]);
  },
  60_000,
);

test('after kill -9 the engine ends by itself; the next run clears up, and touches none that lives', async () => {
  const engine = await FakeEngine.create();
  const living = engine.start(true);
  await engine.logged('building');
  const [livingRun = ''] = await engine.runs();

  const killed = engine.start(true);
  await engine.logged('building', 2);
  killed.kill('SIGKILL');
  await engine.logged('stop');
  const left = (await engine.runs()).filter((name) => name !== livingRun);
  expect(left).toHaveLength(1);

  const { how, said } = await engine.start(false).ended;
  expect(said).toContain(`Cleared up after a run that was killed: `);
  expect(said).toContain(left[0]);
  expect(how).toBe(0);
  expect(await engine.log()).toMatch(/^rm left$/m);
  expect(await engine.runs()).toEqual([livingRun]);
  expect(await engine.answers(livingRun)).toBe(true);

  living.kill('SIGTERM');
  await living.ended;
  expect(await engine.runs()).toEqual([]);
}, 120_000);
