import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { until } from '../../support/until.ts';
import { createWorld, devices, poll, type World } from '../../support/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

afterEach(() => world.close());

/** Puts the list of the CA into the configuration, and starts the server with it. */
const withList = async (): Promise<string> => {
  const path = join(world.directory, 'revoked.pem');
  await writeFile(path, await world.authority.crlPem());
  Object.assign(world.config, { revocationListFile: path });
  await world.restart();
  return path;
};

/** @spec A1 T5 */
test('an intermediary that is revoked loses its held poll within the minute, and no other does', async () => {
  const path = await withList();
  const [stolen, good] = [await world.client('site-a'), await world.client('site-b')];
  await stolen.call('Poll', poll({ devices: devices('printer-1') }));
  await good.call('Poll', poll({ devices: devices('printer-2') }));
  const held = stolen.call('Poll', poll({ holdSeconds: 60 })).catch((error) => error);
  await world.heldPoll();
  const other = good.call('Poll', poll({ holdSeconds: 60 }));
  await world.heldPoll();

  await world.authority.revoke((await world.enrol('site-a')).serial);
  await writeFile(path, await world.authority.crlPem());
  await world.clock.advance(Seconds(30));
  await until('the new list', () =>
    world.logger.lines.some(({ message }) => message.includes('has come into force')),
  );
  expect(await held).toMatchObject({ code: 'connection-lost' });
  await expect(stolen.call('Poll', poll())).rejects.toMatchObject({
    code: expect.stringMatching(/tls-refused|connection-lost/),
  });
  await expect(good.call('Poll', poll())).resolves.toBeDefined();
  // Its poll was ended by the newer one, not by the list.
  expect(await other).toMatchObject({ nextPollSeconds: 0 });
});

test('a server does not start with a list that is missing', async () => {
  const path = await withList();
  await writeFile(path, 'nothing');
  await expect(world.restart()).rejects.toMatchObject({ code: 'revocation-list-unusable' });
  await writeFile(path, await world.authority.crlPem());
  await world.restart();
});
