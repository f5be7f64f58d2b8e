import { createHash, generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Days, Instant, systemClock } from '@postern/core';
import { type EnrolledNode, signPlacement, verifyPlacement } from '@postern/pki';
import { enrol, makeAuthority } from '../support/world.ts';

let printer: EnrolledNode;
let stranger: EnrolledNode;
let site: EnrolledNode;
/** The device's mail certificate, in place of the one that it registers with. */
let mail: EnrolledNode;
const now = systemClock.now();
const where = { intermediary: 'site-a', sequence: 3 };
const refused = expect.objectContaining({ code: 'placement-invalid' });

beforeAll(async () => {
  const authority = await makeAuthority();
  printer = await enrol(authority, { role: 'device', name: 'printer-1' });
  site = await enrol(authority, { role: 'intermediary', name: 'printer-1' });
  const identity = { role: 'device', name: 'printer-1' } as const;
  mail = { ...printer, ...(await authority.issue({ identity, purpose: 'mail', lifetime: Days(1) })) };
  stranger = await enrol(await makeAuthority(), { role: 'device', name: 'printer-1' });
});

const trust = () => ({ caPem: printer.caPem });

/** The envelope with something else in it. */
const altered = (change: (envelope: Envelope, payload: Record<string, unknown>) => void): Uint8Array => {
  const envelope = JSON.parse(Buffer.from(signPlacement(where, printer)).toString()) as Envelope;
  const payload = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as Record<string, unknown>;
  change(envelope, payload);
  envelope.payload = Buffer.from(JSON.stringify(payload)).toString('base64');
  return Buffer.from(JSON.stringify(envelope));
};
interface Envelope {
  payloadType: string;
  payload: string;
  signatures: { keyid: string; sig: string }[];
}

describe('the word of a device on where it is', () => {
  /** @spec T2 */
  test('is believed when the key of its certificate has signed it', () => {
    expect(verifyPlacement(signPlacement(where, printer), trust(), now)).toEqual({
      deviceId: 'printer-1',
      ...where,
    });
  });

  test.each<[string, Parameters<typeof altered>[0]]>([
    [
      'another intermediary',
      (_, payload) => {
        payload['intermediary'] = 'site-b';
      },
    ],
    [
      'another sequence',
      (_, payload) => {
        payload['sequence'] = 4;
      },
    ],
    [
      'another name',
      (_, payload) => {
        payload['deviceId'] = 'printer-2';
      },
    ],
    [
      'a field more',
      (_, payload) => {
        payload['extra'] = 1;
      },
    ],
    [
      'another format',
      (_, payload) => {
        payload['format'] = 2;
      },
    ],
    [
      'a sequence of 0',
      (_, payload) => {
        payload['sequence'] = 0;
      },
    ],
    [
      'no certificate',
      (_, payload) => {
        delete payload['certificate'];
      },
    ],
    [
      'a certificate that is none',
      (_, payload) => {
        payload['certificate'] = 'PEM';
      },
    ],
    [
      'no signature',
      (envelope) => {
        envelope.signatures = [];
      },
    ],
    [
      'two signatures',
      (envelope) => {
        envelope.signatures.push(...envelope.signatures);
      },
    ],
    [
      'another payload type',
      (envelope) => {
        envelope.payloadType = 'application/vnd.postern.time+json';
      },
    ],
  ])('is not believed with %s', (_, change) => {
    expect(() => verifyPlacement(altered(change), trust(), now)).toThrow(refused);
  });

  test('is not believed of a certificate of another CA, or of no device', () => {
    expect(() => verifyPlacement(signPlacement(where, stranger), trust(), now)).toThrow(refused);
    expect(() => verifyPlacement(signPlacement(where, site), trust(), now)).toThrow(refused);
  });

  /** @spec T2 */
  test("is not believed when a certificate signs that is not good for the client's end of TLS", () => {
    expect(() => verifyPlacement(signPlacement(where, mail), trust(), now)).toThrow(
      'the certificate is not one that a device registers with',
    );
  });

  test('is not believed with the certificate of one and the key of another', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => verifyPlacement(signPlacement(where, { ...printer, privateKeyPem }), trust(), now)).toThrow(
      refused,
    );
  });

  test('is not believed outside the validity of the certificate, or once that was revoked', () => {
    const signed = signPlacement(where, printer);
    expect(() => verifyPlacement(signed, trust(), Instant(printer.notAfter))).toThrow(refused);
    expect(() => verifyPlacement(signed, trust(), Instant(now - Days(3_650)))).toThrow(refused);
    const revocations = { isRevoked: (serial: string) => serial.toLowerCase() === printer.serial };
    expect(() => verifyPlacement(signed, { ...trust(), revocations }, now)).toThrow(refused);
  });

  test('is not read when it is too long, or no JSON', () => {
    const long = Buffer.alloc(20_000, ' ');
    expect(() => verifyPlacement(long, trust(), now)).toThrow(refused);
    const random = createHash('sha256').update('x').digest();
    expect(() => verifyPlacement(random, trust(), now)).toThrow(refused);
  });
});
