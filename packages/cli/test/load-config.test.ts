import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readSettings } from '../src/config/load-config.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-config-'));
});
afterAll(() => rm(directory, { recursive: true }));

const file = async (text: string): Promise<string> => {
  const path = join(directory, 'config.yaml');
  await writeFile(path, text);
  return path;
};

test('settings win over the environment, the environment over the file, the file over defaults', async () => {
  const config = await readSettings({
    file: await file('dataDir: from-file\nlevel: quiet\nuplink:\n  port: 1\n  host: from-file\n'),
    environment: { POSTERN_UPLINK__PORT: '2', POSTERN_DATA_DIR: 'from-environment', HOME: '/root' },
    settings: ['uplink.port=3'],
  });
  expect(config).toEqual({
    dataDir: 'from-environment',
    level: 'quiet',
    uplink: { host: 'from-file', port: 3 },
  });
});

test.each([
  ['a list at the top', '- a\n', []],
  ['broken YAML', 'a: [', []],
  ['a setting without a value', 'a: 1\n', ['uplink']],
  ['a setting without a key', 'a: 1\n', ['=1']],
])('%s is refused', async (_, text, settings) => {
  const sources = { file: await file(text), environment: {}, settings };
  await expect(readSettings(sources)).rejects.toMatchObject({ code: 'config-invalid' });
});

test('an attempt at the prototype changes nothing', async () => {
  await readSettings({ environment: {}, settings: ['__proto__.polluted=1', 'a.__proto__.polluted=1'] });
  expect({}).not.toHaveProperty('polluted');
});

test('a file that cannot be read is named', async () => {
  const sources = { file: join(directory, 'absent.yaml'), environment: {}, settings: [] };
  await expect(readSettings(sources)).rejects.toMatchObject({ code: 'config-unreadable' });
});
