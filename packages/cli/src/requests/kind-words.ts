import type { RemoteRequestKind } from '@postern/contracts';

/** What each kind of request does, for help texts. */
export const KIND_WORDS: Readonly<Record<RemoteRequestKind, string>> = {
  GetDeviceInformation: 'what devices say of themselves',
  GetCounters: 'counters of devices',
  GetParameters: 'parameters of devices or intermediaries',
  SetParameters: 'set parameters of devices or intermediaries, e.g. location="2nd floor"',
  ExecuteCommand: 'have devices carry out a command, e.g. command=restart',
  CollectLogs: 'logs of devices or intermediaries',
  ShowResult: 'show a text on the panel of devices',
  ConfirmAlive: 'whether devices are alive, and what they do',
  SetPolling: 'how often intermediaries poll, and how long their polls are held',
  Activate: 'adopt devices (active=true) or release them (active=false)',
  SearchDevices: 'have intermediaries look for devices',
  SetSchedule: 'what intermediaries do by themselves, and when; replaces what they had',
  GetApplications: 'applications of devices',
  SetApplication: 'start or stop an application of devices',
  ListFiles: 'files of devices',
  ReadFile: 'read a file of a device; with --out the whole of it',
  WriteFile: 'write a file to devices, with --file one of this machine',
  DeleteFile: 'delete a file of devices',
  GetConnections: 'the devices that intermediaries are connected with, or have found',
};
