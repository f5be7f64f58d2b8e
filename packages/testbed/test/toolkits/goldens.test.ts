import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { GOLDENS, type GoldenRequest, goldenFile } from './golden-requests.ts';
import { CONTRACTS, type RecordedCall } from './recording-service.ts';

const cases = readdirSync(GOLDENS).flatMap((toolkit) => CONTRACTS.map((contract) => ({ toolkit, contract })));

/**
 * What toolkits of other vendors have sent, as test/interop/toolkits wrote it down: their prefixes, declarations and headers
 * are read, and say what they were told to say.
 */
test.each(cases)(
  '$toolkit: requests of $contract.name are read as they were meant',
  async ({ toolkit, contract }) => {
    const lines = readFileSync(goldenFile(toolkit, contract.name), 'utf8').trim().split('\n');
    const calls: RecordedCall[] = [];
    const service = contract.serve(false, (call) => calls.push(call));
    for (const line of lines) {
      const { contentType, soapAction, body } = JSON.parse(line) as GoldenRequest;
      const { status } = await service.handle({
        ...{ contentType, soapAction, body: Buffer.from(body) },
        ...{ peer: undefined, remoteAddress: 'memory', signal: new AbortController().signal },
      });
      expect(status).toBe(200);
    }
    expect(calls.map(({ operation, value }) => ({ operation, value }))).toEqual(
      contract.calls.map(({ operation, request }) => ({ operation, value: request })),
    );
  },
);
