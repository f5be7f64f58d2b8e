import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));

/** Whatever can open a connection. Types only, and the operators' client (no part of the server), are no matter. */
const OPENS = [
  /^import (?!type\b).*'(?:node:)?(?:net|tls|http|https|http2|dgram)'/m,
  /'undici'/,
  /'nodemailer/,
  /\bfetch\(/,
  /\bcreateSoapClient/,
  /\bcreateHttpTransport/,
  /\bclientTlsOptions/,
];

/** @spec T5 */
test('no source of the server can open a connection, but for the one that gives mail to its relay', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('client/'),
  );
  const opening = files.filter((file) => {
    const text = readFileSync(join(SOURCES, file), 'utf8');
    return OPENS.some((pattern) => pattern.test(text));
  });
  expect(files.length).toBeGreaterThan(30);
  expect(opening).toEqual(['adapters/mail/smtp-relay.ts']);
});
