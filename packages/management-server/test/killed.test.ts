import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { uplinkContract } from '@postern/contracts';
import { systemClock } from '@postern/core';
import { clientTlsOptions } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import { callHttps } from './support/rest-client.ts';
import { addSoftware, createWorld, devices, journal, poll, verified, type World } from './support/world.ts';

let world: World;
let child: ChildProcess | undefined;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await world.close();
});

const SCRIPT = fileURLToPath(new URL('support/run-server.mjs', import.meta.url));

/** The built server in a process of its own, on the world's data. */
const startProcess = async (): Promise<{ process: ChildProcess; uplinkPort: number; restPort: number }> => {
  const started = spawn(process.execPath, [SCRIPT, JSON.stringify(world.config)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child = started;
  const [line] = await once(createInterface({ input: started.stdout }), 'line');
  return { process: started, ...(JSON.parse(String(line)) as { uplinkPort: number; restPort: number }) };
};

/** @spec X6 R1 R2 */
test('what was answered survives kill -9 of the server', async () => {
  const software = await addSoftware(world);
  const token = await world.token();
  await world.server.close();

  const { process: server, uplinkPort, restPort } = await startProcess();
  const intermediary = await world.enrol('site-a');
  const tls = clientTlsOptions(intermediary, { expect: { role: 'server' } });
  const operatorTls = clientTlsOptions({ caPem: intermediary.caPem }, { expect: { role: 'server' } });
  const url = `https://127.0.0.1:${uplinkPort}/uplink`;
  const site = createSoapClient(uplinkContract, { url, tls, clock: systemClock });
  await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
  const order = async (deviceId: string): Promise<string> => {
    const headers = { authorization: `Bearer ${token}` };
    const body = { deviceId, software };
    const call = { method: 'POST', path: '/api/v1/updates', headers, body };
    return String((await callHttps(restPort, operatorTls, call)).json['updateId']);
  };
  const first = await order('printer-1');
  await site.call('Poll', poll());
  const notice = { requestId: first, phase: 'checking', journal: journal(['S101']) };
  await site.call('Poll', poll({ delayNotices: { delayNotice: [notice] } }));
  const answer = await site.call('Poll', poll({ responses: { response: [verified(first)] } }));
  expect(answer.acknowledged?.id).toEqual([first]);
  const second = await order('printer-2');
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
  await site.close();

  await world.restart();
  const state = async (id: string) => (await world.rest({ path: `/api/v1/updates/${id}` })).json['state'];
  expect([await state(first), await state(second)]).toEqual(['verified', 'ordered']);
  const again = await (await world.client('site-a')).call('Poll', poll());
  expect(again.requests?.request.map(({ requestId }) => requestId)).toEqual([second]);
  expect(again.devicesRevision).toBe(2);
});
