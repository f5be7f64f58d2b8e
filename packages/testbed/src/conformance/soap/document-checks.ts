import { errorCode } from '@postern/core';
import type { Check } from '../check.ts';
import { failed, refusalOf, requireDocumented } from '../verdicts.ts';
import { type BadDocument, badDocuments } from './bad-documents.ts';
import type { SoapTarget } from './soap-target.ts';

/** The payload of a document of ours. */
const payloadOf = (whole: string): string => /<soap:Body>(.*)<\/soap:Body>/s.exec(whole)?.[1] ?? '';

/** As they stand in the table; the documents themselves depend on the call. */
const TABLE = badDocuments('<Call xmlns="urn:postern:call:1"><first>x</first><second>y</second></Call>');

/** Documents that a service has to refuse: by a fault that says why, and it answers the next call. */
export const documentChecks = (): readonly Check<SoapTarget>[] => [
  ...TABLE.map(({ id, title, section, level }) => ({
    id,
    title: `${title} is refused, and the next call answered`,
    section,
    level,
    run: (target: SoapTarget, signal: AbortSignal) => refuses(target, id, title, signal),
  })),
  {
    id: 'body-huge',
    title: 'a body of 8 MiB is refused, and the next call answered',
    section: 'docs/security.md',
    level: 'required',
    run: async (target, signal) => {
      try {
        await refusalOf(target.sample({ document: (whole) => whole + ' '.repeat(8 << 20) }, signal), 'It');
      } catch (error) {
        // Whoever is sent too much may hang up.
        if (errorCode(error, '') !== 'connection-lost') throw error;
      }
      await target.sample({}, signal);
    },
  },
];

const refuses = async (target: SoapTarget, id: string, title: string, signal: AbortSignal): Promise<void> => {
  let sent: BadDocument | undefined;
  const document = (whole: string): string => {
    sent = badDocuments(payloadOf(whole)).find((bad) => bad.id === id);
    if (sent === undefined) throw new Error(`No document ${id} of this call`);
    return sent.document;
  };
  const fault = await refusalOf(target.sample({ document }, signal), title);
  if (fault.kind !== sent?.kind) {
    throw failed(
      `The fault is of the kind ${fault.kind}, not ${sent?.kind}`,
      'Blame whoever is to blame in faultcode: Client for a wrong request, VersionMismatch and MustUnderstand as SOAP says.',
    );
  }
  if (fault.kind === 'client') requireDocumented(fault);
};
