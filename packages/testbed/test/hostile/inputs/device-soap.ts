import { Seconds } from '@postern/core';
import { imageOf } from '../../support/printer-site.ts';
import type { HostileInput, HostileInputs } from '../hostile-input.ts';
import { type HostileSite, IDLE, INSTALLED } from '../hostile-site.ts';
import { type Caller, soapAnswer } from '../raw-exchange.ts';
import { callSoap, credential, device, elements } from '../soap-messages.ts';
import { badSoapRequests } from './documents.ts';
import { badCallers } from './tls.ts';

const PASSWORD = 'a-password-of-nobody';
const OWN_NAME = 'site-a';

const target = {
  path: '/device',
  port: ({ soapPort }: HostileSite): number => soapPort(IDLE),
  caller: ({ callers }: HostileSite): Caller => callers.intermediary,
  good: device('InvalidateOneTimePassword', elements({ userName: OWN_NAME, jobId: 'none' })),
  bodyBytes: 256 * 1_024,
};

const saying = (
  name: string,
  payload: string | ((site: HostileSite) => Promise<string>),
  expected: string,
  caller: (site: HostileSite) => Caller = target.caller,
): HostileInput => ({
  name,
  send: async (site) => {
    const text = typeof payload === 'string' ? payload : await payload(site);
    return soapAnswer(await callSoap(target.port(site), caller(site), target.path, text));
  },
  expect: expected,
});

type Release = Parameters<HostileSite['sign']>[0];

const RELEASE: Release = { version: '9.0.0', releaseCounter: 9, content: imageOf('9.0.0', 100) };

/** A credential with a manifest of the site's own vendor. */
const signed = (name: string, release: Partial<Release>, code: string): HostileInput =>
  saying(
    name,
    async ({ sign }) => credential(OWN_NAME, PASSWORD, await sign({ ...RELEASE, ...release })),
    `500 Client ${code}`,
  );

const valued = (name: string, changes: Readonly<Record<string, string | number>>): HostileInput =>
  saying(name, credential(OWN_NAME, PASSWORD, Buffer.from('{}'), changes), '500 Client value-invalid');

interface Envelope {
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** The same manifest, changed after it was signed. */
const changed = (signed: Uint8Array, change: (envelope: Envelope) => Partial<Envelope>): Uint8Array => {
  const envelope = JSON.parse(Buffer.from(signed).toString('utf8')) as Envelope;
  return Buffer.from(JSON.stringify({ ...envelope, ...change(envelope) }));
};

const changedManifest = (
  name: string,
  change: (envelope: Envelope) => Partial<Envelope>,
  code: string,
): HostileInput =>
  saying(
    name,
    async ({ sign }) => credential(OWN_NAME, PASSWORD, changed(await sign(RELEASE), change)),
    `500 Client ${code}`,
  );

/** A device's port for its intermediary. */
export const deviceSoapInputs: HostileInputs = {
  listener: 'the SOAP listener of a device',
  good: {
    send: async (site) =>
      soapAnswer(await callSoap(target.port(site), target.caller(site), target.path, device('ConfirmAlive'))),
    expect: '200',
  },
  inputs: [
    ...badCallers({
      ...target,
      impostor: ({ impostors }) => impostors.intermediary,
      strangers: {
        'another intermediary': ({ callers }) => callers.otherIntermediary,
        'another device': ({ callers }) => callers.otherDevice,
        'the device itself': ({ callers }) => callers.device,
        'the server': ({ callers }) => callers.server,
      },
    }),
    ...badSoapRequests(target),
    saying(
      'a password of another intermediary',
      credential('site-b', PASSWORD, Buffer.from('{}')),
      '403 Client not-authorised',
      ({ callers }) => callers.otherIntermediary,
    ),
    saying(
      "a password under another's name",
      credential('site-b', PASSWORD, Buffer.from('{}')),
      '403 Client not-authorised',
    ),
    saying(
      "an erasure under another's name",
      credential('site-b', PASSWORD, undefined, { purpose: 'erasure' }),
      '403 Client not-authorised',
    ),
    saying(
      "an invalidation under another's name",
      device('InvalidateOneTimePassword', elements({ userName: 'site-b', jobId: 'j' })),
      '403 Client not-authorised',
    ),
    saying(
      'a password without a manifest',
      credential(OWN_NAME, PASSWORD, undefined),
      '500 Client manifest-required',
    ),
    saying(
      'a manifest that is none',
      credential(OWN_NAME, PASSWORD, Buffer.from('hello')),
      '500 Client manifest-malformed',
    ),
    saying(
      'a manifest with unknown fields',
      credential(OWN_NAME, PASSWORD, Buffer.from('{"evil":1}')),
      '500 Client manifest-malformed',
    ),
    changedManifest(
      'a manifest of an unknown key',
      ({ signatures }) => ({ signatures: signatures.map(({ sig }) => ({ keyid: 'ab'.repeat(32), sig })) }),
      'manifest-signature-invalid',
    ),
    changedManifest(
      'a manifest that was changed after it was signed',
      ({ payload }) => ({
        payload: Buffer.from(
          Buffer.from(payload, 'base64').toString('utf8').replace('9.0.0', '9.0.1'),
        ).toString('base64'),
      }),
      'manifest-signature-invalid',
    ),
    changedManifest(
      'a manifest without signatures',
      () => ({ signatures: [] }),
      'manifest-signature-invalid',
    ),
    signed('a manifest for another model', { model: 'Postern TV-1' }, 'wrong-model'),
    signed('a manifest past its expiry', { validFor: Seconds(-1) }, 'manifest-expired'),
    signed(
      'a manifest of an older release',
      { version: '0.9.0', releaseCounter: INSTALLED.releaseCounter - 1 },
      'release-counter-too-low',
    ),
    signed('a manifest of an unknown component', { component: 'bootloader' }, 'component-unknown'),
    valued('a password with a space', { oneTimePassword: 'two words' }),
    valued('a password with a line break', { oneTimePassword: 'one&#10;QUIT-QUIT' }),
    valued('a password that is too short', { oneTimePassword: 'short' }),
    valued('a password that is too long', { oneTimePassword: 'x'.repeat(129) }),
    valued('a negative lifetime', { lifetimeSeconds: -1 }),
    valued('a lifetime beyond 31 days', { lifetimeSeconds: 2_678_401 }),
    valued('an unknown purpose', { purpose: 'root' }),
    valued('a report key of 31 bytes', { reportKey: Buffer.alloc(31).toString('base64') }),
    valued('a nonce that is no number', { nonce: 'x'.repeat(32) }),
    saying(
      'a command that nobody knows',
      device('ExecuteCommand', elements({ command: 'reboot' })),
      '500 Client command-unknown',
    ),
  ],
};
