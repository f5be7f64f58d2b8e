import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CONTENT_TYPES, echoService } from '../helpers.ts';

const GOLDENS = new URL('../goldens/', import.meta.url);

const read = (name: string, file: string): string =>
  readFileSync(new URL(`${name}/${file}`, GOLDENS), 'utf8');

test.each(readdirSync(GOLDENS).sort())('golden: %s', async (name) => {
  const version = name.endsWith('soap12') ? '1.2' : '1.1';
  const answer = await echoService().handle({
    contentType: CONTENT_TYPES[version],
    soapAction: undefined,
    body: Buffer.from(read(name, 'request.xml')),
    peer: undefined,
    remoteAddress: 'memory',
    signal: new AbortController().signal,
  });
  expect(answer.contentType).toBe(CONTENT_TYPES[version]);
  expect(Buffer.from(answer.body).toString()).toBe(read(name, 'response.xml').trimEnd());
});
