import { randomBytes } from 'node:crypto';
import { envelope } from '../../../src/conformance/soap/bad-documents.ts';
import type { HostileInput } from '../hostile-input.ts';
import type { HostileSite } from '../hostile-site.ts';
import { type Caller, exchange, NO_ANSWER, soapAnswer } from '../raw-exchange.ts';
import { soapRequest } from '../soap-messages.ts';

/** A ClientHello's record header, and then no ClientHello. */
const GARBAGE = Buffer.concat([Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]), randomBytes(512)]);

export interface TlsTarget {
  readonly path: string;
  readonly port: (site: HostileSite) => number;
  readonly good: string;
  /** With a name that would be let in, of another CA. */
  readonly impostor: (site: HostileSite) => Caller;
  /** Nodes of the site's CA that have no business here. */
  readonly strangers: Readonly<Record<string, (site: HostileSite) => Caller>>;
}

/** Callers that a listener with mutual TLS does not let in. */
export const badCallers = ({ path, port, good, impostor, strangers }: TlsTarget): readonly HostileInput[] => {
  const bytes = soapRequest(path, envelope(good));
  const call = (name: string, caller: (site: HostileSite) => Caller, expected: string): HostileInput => ({
    name,
    send: async (site) => soapAnswer(await exchange(port(site), caller(site), bytes)),
    expect: expected,
  });
  return [
    call('plain HTTP', () => 'plain', NO_ANSWER),
    call('TLS without a certificate', ({ callers }) => ({ caPem: callers.server.caPem }), NO_ANSWER),
    call('a certificate of another CA', impostor, NO_ANSWER),
    {
      name: 'a ClientHello that is none',
      send: async (site) => endOfGarbage(await exchange(port(site), 'plain', GARBAGE)),
      expect: NO_ANSWER,
    },
    ...Object.entries(strangers).map(([name, caller]) => call(name, caller, '403 Client not-authorised')),
  ];
};

/** A TLS alert is no answer. */
const endOfGarbage = (received: string): string => (received.startsWith('\x15') ? NO_ANSWER : received);
