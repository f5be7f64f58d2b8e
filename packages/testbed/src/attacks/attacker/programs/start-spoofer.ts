import { intermediaryContract } from '@postern/contracts';
import { errorCode, Milliseconds, silentLogger, sleep } from '@postern/core';
import { createSoapClient } from '@postern/soap-rpc';
import { createTamperingProxy } from '../../../tampering/index.ts';
import type { AttackerProgram } from '../program.ts';

export interface StartSpooferKnowledge {
  readonly deviceId: string;
  readonly version: string;
  /** Where the intermediary takes start notifications without TLS. */
  readonly noticePort: number;
  readonly times: number;
}

export interface StartSpooferReport {
  /** What the intermediary answered, in order: `taken` or a code. */
  readonly answers: readonly string[];
  /** Logins at the place that the notifications named as the device's. */
  readonly visitors: number;
}

/** The updater has acted on one before the next comes. */
const PAUSE = Milliseconds(400);

/**
 * On the LAN: says in plain HTTP that the device has started, with the new version, and is to be found at the attacker's
 * own place now.
 */
export const startSpoofer: AttackerProgram = async ({ channel, clock, knows }) => {
  const { deviceId, version, noticePort, times } = knows as StartSpooferKnowledge;
  const target = { host: '127.0.0.1', port: noticePort };
  const trap = await createTamperingProxy({ clock, logger: silentLogger, target });
  const client = createSoapClient(intermediaryContract, {
    url: `http://127.0.0.1:${noticePort}/intermediary`,
    clock,
  });
  const answers: string[] = [];
  for (let at = 0; at < times; at += 1) {
    const spoof = {
      deviceId,
      program: 'firmware',
      components: { item: [{ component: 'firmware', version }] },
      bulkPath: { host: '127.0.0.1', port: trap.port },
    } as const;
    await client.call('NotifyStart', spoof).then(
      () => answers.push('taken'),
      (error: unknown) => answers.push(errorCode(error, 'unknown')),
    );
    await sleep(clock, PAUSE);
  }
  channel.say('spoofed', { answers });
  await channel.hear('tell');
  channel.say('report', { answers, visitors: trap.capture().control.length });
};
