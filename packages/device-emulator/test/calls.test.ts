import { describe, expect, test } from '@jest/globals';
import type { StepEvent } from '@postern/contracts';
import { PosternError, Seconds, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { manufacture, type Site, startSite, type TestDevice } from './support/site.ts';
import { secureClient } from './support/updater.ts';

interface Prepared {
  readonly site: Site;
  readonly target: TestDevice;
  readonly clock: VirtualClock;
  /** `step subject`, in their order. */
  readonly steps: string[];
}

const CALL_TIMEOUT = Seconds(20);

/** A device that runs, on a clock that stands still: nothing is answered because time has passed. */
const prepared = async (): Promise<Prepared> => {
  const site = await startSite();
  const clock = new VirtualClock(systemClock.now());
  const steps: string[] = [];
  const onStep = ({ step, node, subject }: StepEvent): void => {
    steps.push(`${step} ${node} ${subject === undefined ? '' : 'call'}`.trim());
  };
  const settings = { callTimeout: CALL_TIMEOUT };
  const target = await manufacture(site, { clock, settings, ports: { onStep } });
  await target.device.powerOn();
  return { site, target, clock, steps };
};

const PRESSED = ['S701 mfp-1 call', 'S702 mfp-1 call', 'S703 mfp-1 call'];
const CALL_ID = expect.stringMatching(/^call-[0-9a-f]{32}$/);

/** @spec R6 */
describe('a call for service that is answered', () => {
  test('goes over the secure path, and the panel shows the answer (A)', async () => {
    const { site, target, steps } = await prepared();
    site.intermediary.answers.UserCall = ({ callId }) => ({
      inReplyTo: callId,
      outcome: 'succeeded',
      text: 'We come at noon',
    });
    const result = await target.device.callService({ reason: ' It smells of toner ' });
    expect(result).toEqual({
      callId: CALL_ID,
      outcome: 'succeeded',
      text: 'Service answers: We come at noon',
    });
    expect(site.intermediary.requests).toMatchObject([
      {
        path: 'secure',
        operation: 'UserCall',
        peer: { role: 'device', name: 'mfp-1' },
        notice: { callId: result.callId, reason: 'It smells of toner' },
      },
    ]);
    expect(target.device.panel).toEqual(['Calling service …', 'Service answers: We come at noon']);
    expect(steps).toEqual([...PRESSED, 'S707 mfp-1 call', 'S708 mfp-1 call']);
    expect(target.events).toContainEqual({ type: 'call', ...result });
    expect(target.device.view.calls).toMatchObject([{ callId: result.callId, outcome: 'succeeded' }]);
  });

  test('later, shows that first, and then the answer, also after a restart', async () => {
    const { site, target, steps } = await prepared();
    site.intermediary.answers.UserCall = ({ callId }) => ({
      inReplyTo: callId,
      outcome: 'pending',
      text: '',
    });
    const { callId, outcome } = await target.device.callService();
    expect(outcome).toBe('pending');
    expect(target.device.panel.at(-1)).toBe('Service will answer');
    expect(steps).toEqual(PRESSED);
    await target.device.powerOff();
    await target.device.powerOn();
    expect(target.device.view.calls).toMatchObject([{ callId, outcome: 'pending' }]);
    const client = secureClient(site.intermediaryNode, target);
    await client.call('ShowResult', { inReplyTo: callId, outcome: 'succeeded', text: 'At noon' });
    expect(target.device.panel.at(-1)).toBe('At noon');
    expect(target.device.view.calls).toMatchObject([{ callId, outcome: 'succeeded' }]);
    expect(steps.slice(3)).toEqual(['S707 mfp-1 call', 'S708 mfp-1 call']);
  });

  test('is one call, however often the key is pressed and however often it has to be sent', async () => {
    const { site, target, clock, steps } = await prepared();
    let tries = 0;
    site.intermediary.answers.UserCall = ({ callId }) => {
      tries += 1;
      if (tries === 1) throw new PosternError('connection-lost', 'As if the answer had been lost');
      return { inReplyTo: callId, outcome: 'succeeded', text: '' };
    };
    const presses = [
      target.device.callService({ reason: 'One' }),
      target.device.callService({ reason: 'Two' }),
    ];
    let done = false;
    void Promise.all(presses).then(() => {
      done = true;
    });
    while (!done) await passTime(clock);
    const [first, second] = await Promise.all(presses);
    expect(second).toEqual(first);
    expect(site.intermediary.requests.map(({ notice }) => notice)).toEqual([
      expect.objectContaining({ callId: first?.callId, reason: 'One' }),
      expect.objectContaining({ callId: first?.callId, reason: 'One' }),
    ]);
    expect(steps).toEqual([...PRESSED, 'S707 mfp-1 call', 'S708 mfp-1 call']);
    expect((await target.device.callService()).callId).not.toBe(first?.callId);
  });
});

/** @spec R7 */
describe('a call that the intermediary answers as failed', () => {
  test('is shown so (B), and the answer that service gives after all is shown, too', async () => {
    const { site, target, steps } = await prepared();
    site.intermediary.answers.UserCall = ({ callId }) => ({
      inReplyTo: callId,
      outcome: 'failed',
      text: 'service cannot be reached',
    });
    const { callId } = await target.device.callService();
    expect(target.device.panel.at(-1)).toBe('The call failed: service cannot be reached');
    expect(steps).toEqual([...PRESSED, 'S710 mfp-1 call', 'S711 mfp-1 call']);
    const client = secureClient(site.intermediaryNode, target);
    await client.call('ShowResult', { inReplyTo: callId, outcome: 'succeeded', text: 'We have heard of it' });
    expect(target.device.panel.at(-1)).toBe('We have heard of it');
    expect(target.device.view.calls).toMatchObject([{ outcome: 'succeeded' }]);
  });

  test.each([
    [
      'by a refusal',
      'too-many-notices',
      () => {
        throw new PosternError('too-many-notices', 'Not so often');
      },
    ],
    [
      'by an answer to another call',
      'answer-mismatched',
      () => ({
        inReplyTo: 'call-of-another',
        outcome: 'succeeded' as const,
        text: '',
      }),
    ],
  ])('%s is shown with the reason', async (_, code, answer) => {
    const { site, target, steps } = await prepared();
    site.intermediary.answers.UserCall = answer;
    expect(await target.device.callService()).toMatchObject({ outcome: 'failed', code });
    expect(target.device.panel.at(-1)).toContain('The call failed: ');
    expect(steps.slice(3)).toEqual(['S710 mfp-1 call', 'S711 mfp-1 call']);
  });
});

/** @spec R8 */
describe('a call that the intermediary does not answer', () => {
  test('is given up by the device itself when its time is over (C), and not before', async () => {
    const { site, target, clock, steps } = await prepared();
    let came: () => void = () => {};
    const arrived = new Promise<void>((resolve) => {
      came = resolve;
    });
    site.intermediary.answers.UserCall = () => {
      came();
      return new Promise(() => {});
    };
    const call = target.device.callService();
    await arrived;
    await clock.advance(Seconds(19));
    expect(target.device.view.calling).toBe(true);
    expect(steps).toEqual(PRESSED);
    await clock.advance(Seconds(1));
    expect(await call).toMatchObject({ outcome: 'unanswered', code: 'deadline-exceeded' });
    expect(target.device.panel.at(-1)).toBe('The call failed: nobody has answered within 20 s');
    expect(steps).toEqual([...PRESSED, 'S712 mfp-1 call', 'S713 mfp-1 call']);
    expect(target.device.view).toMatchObject({ calling: false, calls: [{ outcome: 'unanswered' }] });
  });

  test('because it is down, likewise', async () => {
    const { site, target, clock, steps } = await prepared();
    await site.intermediary.close();
    let result: unknown;
    void target.device.callService().then((ended) => {
      result = ended;
    });
    while (result === undefined) await passTime(clock);
    expect(result).toMatchObject({ outcome: 'unanswered' });
    expect(steps).toEqual([...PRESSED, 'S712 mfp-1 call', 'S713 mfp-1 call']);
  });

  test('because the device is off, is shown at once', async () => {
    const target = await manufacture(await startSite());
    expect(await target.device.callService()).toMatchObject({
      outcome: 'unanswered',
      code: 'firmware-not-running',
    });
    expect(target.device.panel.at(-1)).toContain('does not run');
  });
});

/** @spec R5 D4 */
test('counters are read from NV-RAM by the steps of Fig 10', async () => {
  const { site, target, steps } = await prepared();
  const { counters } = await secureClient(site.intermediaryNode, target).call('GetCounters', {
    names: { name: ['copied-pages'] },
  });
  expect(counters.item).toEqual([{ name: 'copied-pages', value: 0 }]);
  expect(steps).toEqual(['S604 mfp-1', 'S605 mfp-1', 'S606 mfp-1', 'S607 mfp-1']);
});

/** Little at a time: sockets are real, and take their turns. */
const passTime = async (clock: VirtualClock): Promise<void> => {
  await clock.advance(Seconds(0.05));
  await new Promise((resolve) => setImmediate(resolve));
};
