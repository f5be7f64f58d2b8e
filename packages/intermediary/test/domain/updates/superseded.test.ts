import { expect, test } from '@jest/globals';
import { Hours, Milliseconds, Minutes, PosternError, Seconds, sleep } from '@postern/core';
import { DEFAULT_SCHEME, initialState } from '@postern/software-update';
import { temporaryDirectory } from '../../support/directory.ts';
import { job, startProcess } from '../../support/process.ts';
import { ScriptedDevice } from '../../support/scripted-device.ts';

type Site = Awaited<ReturnType<typeof startProcess>>;

const startSite = async (directory?: string, device = new ScriptedDevice('mfp-1')) => ({
  device,
  site: await startProcess({
    directory: directory ?? (await temporaryDirectory()),
    devices: { 'mfp-1': device },
  }),
});

/** Its password is live at the device, which cannot be reached. */
const leaveOwed = async (site: Site, device: ScriptedDevice, jobId: string): Promise<void> => {
  device.silentAt = 'report';
  if (site.updates.get(jobId) === undefined) site.order(jobId, 'mfp-1', Minutes(60));
  await site.pass(Seconds(1));
  device.unreachable = true;
  site.scheduler.cancel(jobId);
  await site.pass(Minutes(1));
  expect(site.updates.get(jobId)?.state).toMatchObject({ phase: 'reporting', erased: false });
};

const state = (site: Site, jobId: string) => site.updates.get(jobId)?.state;

const erasuresOf = ({ events }: ScriptedDevice, jobId: string): readonly string[] =>
  events.filter((event) => event === `erase ${jobId}`);

/** Every exchange takes a second; tells how many ever went on at a time. */
const observeExchanges = (
  { securePath }: ScriptedDevice,
  { clock }: Site,
): { readonly most: () => number } => {
  const { share, erase } = securePath;
  let [now, most] = [0, 0];
  const slowly = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    now++;
    most = Math.max(most, now);
    try {
      await sleep(clock, Seconds(1), signal);
      return await work();
    } finally {
      now--;
    }
  };
  Object.assign(securePath, {
    share: ((ordered, credential, signal) =>
      slowly(signal, () => share(ordered, credential, signal))) satisfies typeof share,
    erase: ((ordered, credential, signal) =>
      slowly(signal, () => erase(ordered, credential, signal))) satisfies typeof erase,
  });
  return { most: () => most };
};

/** @spec U10 U13 */
test.each([
  ['prepare', 'cancelled', true],
  ['prepare', 'cancelled', false],
  ['prepare', 'failed', true],
  ['share', 'cancelled', true],
  ['share', 'failed', false],
] as const)(
  'an older update goes on owing when a newer one at "%s" is %s (answer acknowledged before: %s)',
  async (silentAt, end, acknowledged) => {
    const { site, device } = await startSite();
    await leaveOwed(site, device, 'old');
    if (acknowledged) site.acknowledge('old');
    await site.pass(Seconds(1));
    device.silentAt = silentAt;
    site.order('new', 'mfp-1', Minutes(20));
    await site.pass(Seconds(1));
    device.unreachable = false;
    await site.pass(Minutes(10));
    expect(site.scheduler.get('new')?.schedule).toBe('active');
    expect(erasuresOf(device, 'old')).toEqual([]);
    expect(state(site, 'old')).toMatchObject({ erased: false, credential: device.credential });

    if (end === 'cancelled') site.scheduler.cancel('new');
    await site.pass(Minutes(15));
    expect(site.result('new')).toMatchObject({ state: end });
    if (!acknowledged) {
      expect(site.result('old')).toMatchObject({ credential: 'owed' });
      site.acknowledge('old');
      await site.pass(Minutes(2));
    }
    expect(erasuresOf(device, 'old')).toHaveLength(1);
    expect(device.credential).toBeUndefined();
    expect(state(site, 'old')).toMatchObject({ phase: 'finished', erased: true });
    expect(state(site, 'old')).not.toHaveProperty('credential');
  },
);

/** @spec U13 */
test('an older update forgets its password in the moment the newer one is at the device, and no earlier', async () => {
  const { site, device } = await startSite();
  await leaveOwed(site, device, 'old');
  device.silentAt = 'share';
  site.order('new', 'mfp-1');
  device.unreachable = false;
  await site.pass(Seconds(5));
  expect(state(site, 'new')).toMatchObject({ phase: 'sharing', shared: 'maybe' });
  expect(state(site, 'old')).toMatchObject({ erased: false });
  device.silentAt = 'report';
  await site.pass(Minutes(1));
  expect(state(site, 'new')?.phase).toBe('checking');
  expect(state(site, 'old')).toMatchObject({ phase: 'reporting', erased: true });
  expect(state(site, 'old')).not.toHaveProperty('credential');
  // What was reported then stays as it was.
  expect(site.result('old')).toMatchObject({ credential: 'owed' });
  site.acknowledge('old');
  await site.pass(Seconds(1));
  expect(state(site, 'old')?.phase).toBe('finished');
  expect(erasuresOf(device, 'old')).toEqual([]);
});

/** @spec U9 U10 */
test('of several updates that owe, each has its turn, one at a time', async () => {
  const { site, device } = await startSite();
  await leaveOwed(site, device, 'first');
  for (const jobId of ['second', 'third']) {
    site.order(jobId, 'mfp-1', Minutes(5));
    await site.pass(Minutes(6));
    expect(site.result(jobId)).toMatchObject({ state: 'failed', credential: 'owed' });
  }
  const exchanges = observeExchanges(device, site);
  for (const jobId of ['first', 'second', 'third']) site.acknowledge(jobId);
  await site.pass(Minutes(2));
  device.unreachable = false;
  await site.pass(Minutes(5));
  for (const jobId of ['first', 'second', 'third']) expect(state(site, jobId)?.phase).toBe('finished');
  expect(erasuresOf(device, 'first')).toHaveLength(1);
  expect(device.credential).toBeUndefined();
  expect(exchanges.most()).toBe(1);
});

/** @spec U9 U13 */
test('a newer update that begins amid the erasures of several older ones waits for their end, and ends their debts', async () => {
  const { site, device } = await startSite();
  await leaveOwed(site, device, 'first');
  site.order('second', 'mfp-1', Minutes(5));
  await site.pass(Minutes(6));
  const exchanges = observeExchanges(device, site);
  for (const jobId of ['first', 'second']) site.acknowledge(jobId);
  device.silentAt = 'erase';
  device.unreachable = false;
  await site.pass(Seconds(10));
  device.silentAt = undefined;
  site.order('new', 'mfp-1');
  const running = () => ['first', 'second', 'new'].filter((jobId) => site.scheduler.get(jobId)?.run);
  expect(running()).not.toContain('new');
  expect(running()).toHaveLength(1);
  await site.clock.advance(Seconds(0));
  expect(running()).toEqual(['new']);
  await site.pass(Minutes(1));
  for (const jobId of ['first', 'second']) {
    expect(state(site, jobId)).toMatchObject({ phase: 'finished', erased: true });
    expect(erasuresOf(device, jobId)).toEqual([]);
  }
  expect(site.result('new')).toMatchObject({ state: 'verified' });
  expect(exchanges.most()).toBe(1);
});

/** @spec X6 U13 */
test.each(['reporting', 'owing'] as const)(
  'a process that died before it wrote that a password is replaced is followed by one that does (%s)',
  async (phase) => {
    const directory = await temporaryDirectory();
    const { site, device } = await startSite(directory);
    await leaveOwed(site, device, 'old');
    if (phase === 'owing') site.acknowledge('old');
    await site.pass(Seconds(1));
    const before = site.updates.get('old');
    expect(before?.state.phase).toBe(phase);
    device.unreachable = false;
    site.order('new', 'mfp-1');
    await site.pass(Seconds(5));
    expect(state(site, 'new')?.phase).toBe('checking');
    await site.scheduler.close();

    if (before === undefined) throw new TypeError('The older update is missing');
    site.updates.commit(before.job, before.state, [], site.clock.now());
    const { site: second } = await startSite(directory, device);
    second.recover();
    expect(state(second, 'old')).toMatchObject({
      phase: phase === 'owing' ? 'finished' : phase,
      erased: true,
    });
    expect(state(second, 'old')).not.toHaveProperty('credential');
  },
);

/** @spec X6 U10 */
test('a process that died before a newer password was shared is followed by one that owes the older still', async () => {
  const directory = await temporaryDirectory();
  const { site, device } = await startSite(directory);
  await leaveOwed(site, device, 'old');
  site.acknowledge('old');
  device.silentAt = 'prepare';
  site.order('new', 'mfp-1');
  await site.pass(Seconds(1));
  device.unreachable = false;
  const { site: second } = await startSite(directory, device);
  second.recover();
  await second.pass(Minutes(10));
  expect(erasuresOf(device, 'old')).toEqual([]);
  second.scheduler.cancel('new');
  await second.pass(Minutes(2));
  expect(erasuresOf(device, 'old')).toHaveLength(1);
  expect(state(second, 'old')?.phase).toBe('finished');
});

/** @spec U9 U13 */
test('an answer that was taken while the update stood still is not sent again', async () => {
  const { site, device } = await startSite();
  const ordered = job('old', 'mfp-1', site.clock);
  const scheme = { ...DEFAULT_SCHEME, orderedBy: 'panel' as const };
  const stored = {
    job: { ...ordered, scheme },
    state: initialState,
    cancelled: false,
    movedTo: undefined,
  };
  site.updates.add(stored, [], site.clock.now());
  site.scheduler.add(stored);
  await leaveOwed(site, device, 'old');
  expect(site.delivered.has('old')).toBe(true);
  device.unreachable = false;
  device.silentAt = 'share';
  site.order('new', 'mfp-1');
  await site.pass(Seconds(1));
  site.delivered.remove('old');
  site.scheduler.acknowledged('old');
  await site.pass(Seconds(1));
  device.silentAt = undefined;
  await site.pass(Hours(1));
  expect(site.result('new')).toMatchObject({ state: 'verified' });
  expect(state(site, 'old')).toMatchObject({ phase: 'finished', erased: true });
  expect(site.updates.journal('old').at(-1)).toMatchObject({ step: 'S124', outcome: 'done' });
  expect(site.delivered.has('old')).toBe(false);
});

/** @spec U10 U13 X6 */
test('a debt whose end could not be written is still owed, and is not ended behind the back of its erasure', async () => {
  const { site, device } = await startSite();
  await leaveOwed(site, device, 'old');
  site.acknowledge('old');
  await site.pass(Seconds(1));
  const { commit } = site.updates;
  const fullDisk: typeof commit = (ordered, next, steps, at) => {
    if (ordered.jobId === 'old') throw new PosternError('internal-error', 'The disk is full');
    return commit(ordered, next, steps, at);
  };
  Object.assign(site.updates, { commit: fullDisk });
  device.unreachable = false;
  device.silentAt = undefined;
  site.order('new', 'mfp-1');
  await site.pass(Seconds(10));
  expect(site.result('new')).toMatchObject({ state: 'verified', credential: 'erased' });
  expect(state(site, 'old')).toMatchObject({ phase: 'owing', erased: false });

  device.silentAt = 'erase';
  Object.assign(site.updates, { commit });
  await site.pass(Minutes(1));
  // An erasure of the older one is under way while the newer one comes to its end.
  site.scheduler.get('old')?.mailbox.deliverStart('firmware');
  await site.clock.advance(Milliseconds(1));
  site.acknowledge('new');
  await site.clock.advance(Milliseconds(1));
  expect(state(site, 'new')?.phase).toBe('finished');
  device.silentAt = undefined;
  await site.pass(Minutes(5));
  expect(state(site, 'old')).toMatchObject({ phase: 'finished', erased: true });
  expect(state(site, 'old')).not.toHaveProperty('credential');
});
