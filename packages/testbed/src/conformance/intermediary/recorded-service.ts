import type { SoapService } from '@postern/soap-rpc';
import type { Happenings } from './happenings.ts';

/** The code with which the parts that are played refuse on purpose. */
export const ON_PURPOSE = 'server-busy';

/** A service that tells what it had to refuse because the contract does not allow it. */
export const recordedService = (
  service: SoapService,
  at: 'uplink' | 'device',
  happenings: Happenings,
): SoapService => ({
  file: service.file,
  handle: async (request) => {
    const answer = await service.handle(request);
    const [code, message] = ['code', 'message'].map((name) => textOf(answer.body, name));
    if (answer.status !== 200 && code !== undefined && code !== ON_PURPOSE) {
      happenings.add({ kind: 'wrong', at, reason: `${message ?? ''} (${code})` });
    }
    return answer;
  },
});

/** Of an element of the Failure in a fault of ours, which has no attributes and no further `<` inside. */
const textOf = (fault: string, name: string): string | undefined =>
  new RegExp(`<(?:\\w+:)?${name}(?: xmlns="[^"]*")?>([^<]*)</`).exec(fault)?.[1];
