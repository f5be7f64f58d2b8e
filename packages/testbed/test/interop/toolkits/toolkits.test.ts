import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Seconds, silentLogger, systemClock, systemEntropy } from '@postern/core';
import { ensureNodeIdentity, openAuthority, peerIdentity, serverTlsOptions } from '@postern/pki';
import { createSoapListener } from '@postern/soap-rpc';
import { afterwards, keepForFile, temporaryDirectory } from '../../support/afterwards.ts';
import { goldenFile, toGolden } from '../../toolkits/golden-requests.ts';
import { leavesOf, toPlain } from '../../toolkits/plain-values.ts';
import { CONTRACTS, REFUSAL, type RecordedCall } from '../../toolkits/recording-service.ts';
import { allToolkits, understood } from './all-toolkits.ts';
import type { Job, SoapVersion } from './toolkit.ts';

const LIMIT = 180_000;
const VERSIONS: readonly SoapVersion[] = ['1.1', '1.2'];
/** Set to write what the toolkits send as fixtures of the plain tests. */
const WRITES_GOLDENS = process.env['WRITE_GOLDENS'] === '1';

let port: number;
let tls: Job['tls'];
let calls: RecordedCall[] = [];

beforeAll(async () => {
  keepForFile();
  const directory = await temporaryDirectory();
  const ports = { clock: systemClock, entropy: systemEntropy };
  const authority = await openAuthority({ directory: join(directory, 'ca'), ...ports });
  const enrol = (role: 'server' | 'operator', name: string) =>
    ensureNodeIdentity({
      directory: join(directory, name),
      identity: { role, name },
      authority,
      dnsNames: ['localhost'],
      ...ports,
    });
  const server = await enrol('server', 'server');
  await enrol('operator', 'caller');
  const file = (name: string): string => join(directory, 'caller', name);
  tls = { ca: file('ca.pem'), cert: file('node.pem'), key: file('node.key') };
  const record = (call: RecordedCall): void => {
    calls.push(call);
  };
  const services = CONTRACTS.flatMap(({ name, serve }) => [
    [`/${name}`, serve(false, record)] as const,
    [`/refusing/${name}`, serve(true, record)] as const,
  ]);
  const listener = await createSoapListener({
    services: Object.fromEntries(services),
    tls: serverTlsOptions(server, { clientAuthentication: 'required' }),
    peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    logger: silentLogger,
    limits: { closeTimeout: Seconds(1) },
  });
  afterwards(() => listener.close());
  port = listener.port;
}, LIMIT);

describe.each(allToolkits())('$name', ({ name, prepare, run }) => {
  beforeAll(async () => {
    await prepare?.(await temporaryDirectory());
  }, LIMIT);

  const cases = CONTRACTS.flatMap((contract) => VERSIONS.map((version) => ({ contract, version })));

  test.each(cases)(
    'calls every operation of $contract.name in SOAP $version, and understands answers and faults',
    async ({ contract, version }) => {
      const job = { contract, version, tls, calls: contract.calls };
      calls = [];
      const outcomes = await run({ ...job, url: `https://localhost:${port}/${contract.name}` });
      expect(
        outcomes.flatMap(({ operation, fault }) => (fault === undefined ? [] : [{ operation, fault }])),
      ).toEqual([]);
      expect(calls.map(({ operation, value }) => ({ operation, value }))).toEqual(
        contract.calls.map(({ operation, request }) => ({ operation, value: request })),
      );
      expect(outcomes).toHaveLength(contract.calls.length);
      for (const [at, outcome] of outcomes.entries()) {
        const call = contract.calls[at];
        if (call === undefined) continue;
        const expected = {
          operation: call.operation,
          answer: leavesOf(toPlain(call.answerType, call.answer)),
        };
        expect({ operation: outcome.operation, answer: understood(outcome, call) }).toEqual(expected);
      }
      if (WRITES_GOLDENS && version === '1.1') writeGoldens(name, contract.name, calls);
      const [first] = contract.calls;
      const refusing = `https://localhost:${port}/refusing/${contract.name}`;
      const [refused] = await run({ ...job, calls: first === undefined ? [] : [first], url: refusing });
      expect(refused?.fault).toMatchObject({
        text: expect.stringContaining(REFUSAL.message),
        failure: { code: REFUSAL.code, message: REFUSAL.message },
      });
    },
    LIMIT,
  );
});

const writeGoldens = (toolkit: string, contract: string, sent: readonly RecordedCall[]): void => {
  const file = goldenFile(toolkit, contract);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, sent.map((call) => `${JSON.stringify(toGolden(call))}\n`).join(''));
};
