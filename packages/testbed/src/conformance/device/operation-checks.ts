import { createHash } from 'node:crypto';
import type { DeviceOperations } from '@postern/contracts';
import { randomId } from '@postern/core';
import type { SoapClient } from '@postern/soap-rpc';
import type { Check } from '../check.ts';
import { answeredOrRefused, failed, notOffered, refusedWithReason } from '../verdicts.ts';
import type { DeviceTarget } from './device-target.ts';

type Client = SoapClient<DeviceOperations>;

/** A check that is one conversation. */
const talking = (
  check: Omit<Check<DeviceTarget>, 'run' | 'level'> & { readonly level?: 'required' },
  talk: (client: Client, signal: AbortSignal, target: DeviceTarget) => Promise<void>,
): Check<DeviceTarget> => ({
  level: 'optional',
  ...check,
  run: (target, signal) => target.call((client) => talk(client, signal, target)),
});

/** An operation that only reads: answered as the schema says, or refused with a documented code. */
const reading = (
  operation:
    | 'GetCounters'
    | 'GetParameters'
    | 'CollectLogs'
    | 'ConfirmAlive'
    | 'GetApplications'
    | 'ListFiles',
  title: string,
  section: string,
): Check<DeviceTarget> =>
  talking({ id: kebab(operation), title, section: `${operation}, ${section}` }, (client, signal) =>
    answeredOrRefused(client.call(operation, {}, { signal })),
  );

const kebab = (name: string): string => name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();

const same = <T>(wanted: T, found: T, what: string): void => {
  if (wanted === found) return;
  throw failed(
    `${what}: wrote ${JSON.stringify(wanted)}, read ${JSON.stringify(found)}`,
    'Keep what was set.',
  );
};

/** The operations of device.wsdl beside those of the password. Nothing is different afterwards. */
export const operationChecks: readonly Check<DeviceTarget>[] = [
  talking(
    {
      id: 'get-device-information',
      title: 'the device introduces itself as the node that its certificate names',
      section: 'GetDeviceInformation',
      level: 'required',
    },
    async (client, signal, target) => {
      const { device } = await client.call('GetDeviceInformation', {}, { signal });
      await target.isNamed(device.deviceId, signal);
    },
  ),
  reading('GetCounters', 'counters are answered by the schema', 'R5'),
  reading('GetParameters', 'parameters are answered by the schema', 'I1'),
  reading('CollectLogs', 'logs are answered by the schema', 'I1, I2'),
  reading('ConfirmAlive', 'the device says since when it runs and how it is', 'I2'),
  reading('GetApplications', 'applications are answered by the schema', 'I3'),
  reading('ListFiles', 'files are answered by the schema', 'I3'),
  talking(
    {
      id: 'set-parameters',
      title: 'a parameter set to the value that it has is answered, and keeps it',
      section: 'SetParameters, I1',
    },
    async (client, signal) => {
      const read = async () => (await client.call('GetParameters', {}, { signal })).parameters.item ?? [];
      const [first] = await read();
      if (first === undefined) throw notOffered('The device has no parameters');
      await answeredOrRefused(client.call('SetParameters', { parameters: { item: [first] } }, { signal }));
      same(first.value, (await read()).find(({ name }) => name === first.name)?.value, first.name);
    },
  ),
  talking(
    {
      id: 'parameter-unknown',
      title: 'a parameter that nobody knows is refused',
      section: 'SetParameters, docs/errors.md',
    },
    async (client, signal, { options }) => {
      const item = [{ name: `no.${randomId(options.entropy)}`, value: 'x' }];
      const call = client.call('SetParameters', { parameters: { item } }, { signal });
      await refusedWithReason(call, 'A parameter of no name');
    },
  ),
  talking(
    {
      id: 'command-unknown',
      title: 'a command that nobody knows is refused',
      section: 'ExecuteCommand, docs/errors.md',
    },
    async (client, signal, { options }) => {
      const command = `no-${randomId(options.entropy)}`;
      const call = client.call('ExecuteCommand', { command }, { signal });
      await refusedWithReason(call, 'A command of no name');
    },
  ),
  talking(
    {
      id: 'set-application',
      title: 'an application set to the state that it has is answered, and keeps it',
      section: 'SetApplication, I3',
    },
    async (client, signal) => {
      const [first] = (await client.call('GetApplications', {}, { signal })).application ?? [];
      if (first === undefined) throw notOffered('The device has no applications');
      const { name, state } = first;
      const { application } = await client.call('SetApplication', { name, state }, { signal });
      same(state, application.state, name);
    },
  ),
  talking(
    {
      id: 'files',
      title: 'a file is written, listed, read and deleted',
      section: 'WriteFile, ListFiles, ReadFile, DeleteFile, I3',
    },
    async (client, signal, { options }) => {
      const name = `conformance-${randomId(options.entropy).slice(0, 12)}.txt`;
      const content = Buffer.from('written by a conformance check\n');
      const sha256 = createHash('sha256').update(content).digest('hex');
      const part = { name, length: content.length, sha256, offset: 0, content };
      const { complete } = await client.call('WriteFile', part, { signal });
      try {
        same(true, complete, 'complete');
        const { file = [] } = await client.call('ListFiles', {}, { signal });
        same(sha256, file.find((entry) => entry.name === name)?.sha256, 'sha256 in the list');
        const read = await client.call('ReadFile', { name }, { signal });
        same(content.toString('hex'), Buffer.from(read.content).toString('hex'), 'content');
      } finally {
        await client.call('DeleteFile', { name }, { signal });
      }
      const { file = [] } = await client.call('ListFiles', {}, { signal });
      if (file.some((entry) => entry.name === name)) {
        throw failed('The file is listed after it was deleted', 'Delete it before you answer DeleteFile.');
      }
    },
  ),
  talking(
    {
      id: 'file-unknown',
      title: 'a file that is not there is refused',
      section: 'ReadFile, docs/errors.md',
    },
    async (client, signal, { options }) => {
      const call = client.call('ReadFile', { name: `no-${randomId(options.entropy)}` }, { signal });
      await refusedWithReason(call, 'A file of no name');
    },
  ),
  talking(
    {
      id: 'list-unknown',
      title: 'a password list that the device does not have is refused',
      section: 'MarkPasswordUsed, P1',
    },
    async (client, signal, { options }) => {
      const used = {
        userName: options.node.identity.name,
        list: `no-${randomId(options.entropy)}`,
        entry: 0,
      };
      const call = client.call('MarkPasswordUsed', used, { signal });
      await refusedWithReason(call, 'A list of no name');
    },
  ),
];
