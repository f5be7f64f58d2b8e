import { type Clock, stoppedWithin } from '@postern/core';
import type { SoapService } from '@postern/soap-rpc';
import type { CurrentFaults } from '../../domain/faults.ts';

/** The secure path with the faults `slowAnswers` and `silentSecurePath`. */
export const faultySoapService = (
  service: SoapService,
  clock: Clock,
  signal: AbortSignal,
  faults: CurrentFaults,
): SoapService => ({
  file: service.file,
  handle: async (request) => {
    const { slowAnswers, silentSecurePath } = faults();
    if (silentSecurePath === true) return silence(signal);
    if (slowAnswers !== undefined && (await stoppedWithin(clock, slowAnswers, signal))) return NOTHING;
    return service.handle(request);
  },
});

const NOTHING = { status: 503, contentType: 'text/plain', body: '' };

/** Until the device goes down, and its connections with it. */
const silence = (signal: AbortSignal): Promise<typeof NOTHING> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(NOTHING);
    else signal.addEventListener('abort', () => resolve(NOTHING), { once: true });
  });
