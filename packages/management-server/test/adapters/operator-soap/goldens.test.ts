import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Instant } from '@postern/core';
import { createOperatorService } from '../../../src/adapters/operator-soap/operator-service.ts';
import { operatorUseCases } from '../../../src/use-cases/operator-use-cases.ts';
import { createInProcess, type InProcess } from '../../support/in-process.ts';
import { call, START } from '../../support/told.ts';
import { devices } from '../../support/world.ts';

const GOLDENS = new URL('goldens/', import.meta.url);
const CONTENT_TYPES = {
  soap11: 'text/xml; charset=utf-8',
  soap12: 'application/soap+xml; charset=utf-8',
} as const;

const read = (name: string, file: string): string =>
  readFileSync(new URL(`${name}/${file}`, GOLDENS), 'utf8');

/** Two devices, one of them with a counter and a call that waits for an answer. */
const populated = async (): Promise<InProcess> => {
  const inProcess = await createInProcess({}, { calls: { answering: 'operator' } });
  await inProcess.poll('site-a', { devices: devices('printer-1', 'printer-2') });
  await inProcess.client('site-a').call('Deliver', call('call-1'));
  inProcess.stores.counters.save('printer-1', [{ name: 'copies', value: 12, at: Instant(START) }]);
  return inProcess;
};

/** Messages as other toolkits write them, and the answers to the last byte. */
test.each(readdirSync(GOLDENS).sort())('golden: %s', async (name) => {
  const { domain, logger, close } = await populated();
  try {
    const contentType = CONTENT_TYPES[name.endsWith('soap12') ? 'soap12' : 'soap11'];
    const answer = await createOperatorService(operatorUseCases(domain), logger).handle({
      contentType,
      soapAction: undefined,
      body: Buffer.from(read(name, 'request.xml')),
      peer: undefined,
      remoteAddress: 'memory',
      signal: new AbortController().signal,
    });
    expect(answer.contentType).toBe(contentType);
    expect(answer.body).toBe(read(name, 'response.xml').trimEnd());
  } finally {
    await close();
  }
});
