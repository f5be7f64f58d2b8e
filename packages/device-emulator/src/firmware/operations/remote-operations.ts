import type { DeviceOperations, device } from '@postern/contracts';
import type { SoapHandlers } from '@postern/soap-rpc';
import type { FileContents } from '../../adapters/files/file-contents.ts';
import type { DeviceLog } from '../../domain/device-log.ts';
import { withResult } from '../show-result.ts';
import { createCarryOut } from './changing-requests.ts';
import { type CommandService, executeCommand } from './execute-command.ts';
import { fileOperations } from './files.ts';
import { type ApplicationService, getApplications, setApplication } from './set-application.ts';
import { setParameters } from './set-parameters.ts';

export interface RemoteService extends Omit<CommandService & ApplicationService, 'carryOut'> {
  readonly log: DeviceLog;
  /** Shows a result that NV-RAM knows already. */
  readonly showResult: (result: device.ShowResult) => void;
  readonly contents: FileContents;
}

/** What of the device contract has nothing to do with updates. */
export type RemoteOperations = Pick<
  SoapHandlers<DeviceOperations>,
  | 'SetParameters'
  | 'ExecuteCommand'
  | 'CollectLogs'
  | 'ShowResult'
  | 'GetApplications'
  | 'SetApplication'
  | 'ListFiles'
  | 'ReadFile'
  | 'WriteFile'
  | 'DeleteFile'
>;

/** @spec I2 I3 */
export const remoteOperations = (options: RemoteService): RemoteOperations => {
  const service = { ...options, carryOut: createCarryOut(options.nvRam) };
  const files = fileOperations(service);
  return {
    SetParameters: (request) => setParameters(service, request),
    ExecuteCommand: (request) => executeCommand(service, request),
    CollectLogs: async (query) => ({ entries: { item: service.log.entries(query) } }),
    ShowResult: (request) =>
      service.carryOut('ShowResult', request, () => ({
        answer: {},
        change: (content) => withResult(content, request),
        effect: () => service.showResult(request),
      })),
    GetApplications: async () => getApplications(service),
    SetApplication: (request) => setApplication(service, request),
    ListFiles: async () => files.list(),
    ReadFile: (request) => files.read(request),
    WriteFile: (request) => files.write(request),
    DeleteFile: (request) => files.delete(request),
  };
};
