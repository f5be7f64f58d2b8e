import { errorCode } from '@postern/core';
import { isRemoteFault } from '@postern/soap-rpc';
import type { Check } from '../check.ts';
import { failed } from '../verdicts.ts';
import type { CheckCaller, SoapTarget } from './soap-target.ts';

/** Who may connect, and how SOAP is spoken. */
export const transportChecks = (): readonly Check<SoapTarget>[] => [
  {
    id: 'soap-1.1',
    title: 'answers SOAP 1.1 over TLS, with a certificate of the CA that names its role',
    section: 'WSDL, A1',
    level: 'required',
    run: async (target, signal) => {
      await target.sample({ soapVersion: '1.1' }, signal);
    },
  },
  {
    id: 'soap-1.2',
    title: 'answers SOAP 1.2 in SOAP 1.2',
    section: 'WSDL',
    level: 'recommended',
    run: async (target, signal) => {
      await target.sample({ soapVersion: '1.2' }, signal);
    },
  },
  outsider('tls-no-certificate', 'a caller without a certificate is not answered', 'nobody'),
  outsider('tls-foreign-ca', 'a certificate of another CA with our name is not answered', 'stranger'),
  outsider('tls-plain', 'plain HTTP is not answered on the secure port', 'plain'),
];

const outsider = (id: string, title: string, caller: CheckCaller): Check<SoapTarget> => ({
  id,
  title,
  section: 'A1, docs/security.md',
  level: 'required',
  run: async (target, signal) => {
    await turnedAway(
      target.sample({ caller }, signal),
      'Demand a certificate of the CA in the TLS handshake (or answer 403 not-authorised).',
    );
  },
});

/** Passes a call of somebody who may not call at all. */
export const turnedAway = async (call: Promise<unknown>, next: string): Promise<void> => {
  try {
    await call;
  } catch (error) {
    const refused = isRemoteFault(error) ? NOT_YOU : REFUSED;
    if (refused.has(errorCode(error, ''))) return;
    throw error;
  }
  throw failed('The call was answered', next);
};

const NOT_YOU: ReadonlySet<string> = new Set(['not-authorised', 'token-required']);

/** What a refused handshake looks like, or an HTTP error page of a TLS library. */
const REFUSED: ReadonlySet<string> = new Set(['tls-refused', 'connection-lost', 'response-invalid']);
