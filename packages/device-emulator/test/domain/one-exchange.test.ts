import { expect, test } from '@jest/globals';
import { oneExchange } from '../../src/domain/one-exchange.ts';

test('an exchange that failed leaves room for the next one, of whichever job', async () => {
  const exchange = oneExchange<string>();
  await expect(exchange('job-1', () => Promise.reject(new TypeError('failed')))).rejects.toThrow('failed');
  expect(await exchange('job-1', async () => 'again')).toBe('again');
  expect(await exchange('job-2', async () => 'other')).toBe('other');
});
