import { describe, expect, test } from '@jest/globals';
import { Milliseconds, Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import type { SoapService } from '@postern/soap-rpc';
import type { BulkService } from '@postern/software-update';
import { abnormalityStorm } from '../../src/adapters/faults/abnormality-storm.ts';
import { faultyBulkService } from '../../src/adapters/faults/faulty-bulk-service.ts';
import { faultySoapService } from '../../src/adapters/faults/faulty-soap-service.ts';
import type { DeviceFaults } from '../../src/domain/faults.ts';

const REQUEST = {} as never;

const prepared = (faults: DeviceFaults) => {
  const clock = new VirtualClock();
  const down = new AbortController();
  let handled = 0;
  const service: SoapService = {
    file: 'device.wsdl',
    handle: async () => {
      handled += 1;
      return { status: 200, contentType: 'text/xml', body: 'answer' };
    },
  };
  return {
    clock,
    down,
    handled: () => handled,
    faulty: faultySoapService(service, clock, down.signal, () => faults),
  };
};

describe('the secure path', () => {
  test('answers later with slowAnswers', async () => {
    const { clock, faulty, handled } = prepared({ slowAnswers: Milliseconds(3_000) });
    const answer = faulty.handle(REQUEST);
    await clock.advance(Seconds(2.9));
    expect(handled()).toBe(0);
    await clock.advance(Seconds(0.1));
    expect((await answer).status).toBe(200);
  });

  test.each<[string, DeviceFaults]>([
    ['silentSecurePath', { silentSecurePath: true }],
    ['slowAnswers', { slowAnswers: Milliseconds(3_000) }],
  ])('does nothing for a request that the end of the device meets in %s', async (_, faults) => {
    const { down, faulty, handled } = prepared(faults);
    const answer = faulty.handle(REQUEST);
    down.abort();
    expect((await answer).status).toBe(503);
    expect((await faulty.handle(REQUEST)).status).toBe(503);
    expect(handled()).toBe(0);
  });
});

describe('crashDuringTransfer', () => {
  test('takes the power when so many bytes have come', async () => {
    let crashes = 0;
    const taken: number[] = [];
    const service = {
      login: async () => ({
        receive: async () => ({
          write: async (chunk: Uint8Array) => void taken.push(chunk.length),
          finish: async () => 'done',
          abort: async () => {},
        }),
        revoked: new AbortController().signal,
      }),
    } as unknown as BulkService;
    const faulty = faultyBulkService(
      service,
      new VirtualClock(),
      () => ({ crashDuringTransfer: 1_000 }),
      () => {
        crashes += 1;
      },
    );
    const receiver = await (await faulty.login('u', 'p', 'peer'))?.receive('image.firmware', 0);
    await receiver?.write(new Uint8Array(999));
    expect(crashes).toBe(0);
    await receiver?.write(new Uint8Array(1));
    await receiver?.write(new Uint8Array(5_000));
    expect(crashes).toBe(1);
    expect(taken).toEqual([999, 1, 5_000]);
  });
});

describe('abnormalityStorm', () => {
  test('reports as often as it says, until the device goes down', async () => {
    const clock = new VirtualClock();
    const down = new AbortController();
    const codes: string[] = [];
    const storm = abnormalityStorm(
      clock,
      down.signal,
      () => ({ abnormalityStorm: 10 }),
      async (code) => void codes.push(code),
    );
    for (let tenth = 0; tenth < 20; tenth += 1) await clock.advance(Seconds(0.1));
    expect(codes).toHaveLength(21);
    expect(new Set(codes).size).toBe(16);
    down.abort();
    await storm;
    expect(clock.pending).toBe(0);
  });

  test('is not there without the fault', async () => {
    const clock = new VirtualClock();
    await abnormalityStorm(
      clock,
      new AbortController().signal,
      () => ({}),
      async () => {
        throw new Error('Reported');
      },
    );
    expect(clock.pending).toBe(0);
  });
});
