import { describe, expect, test } from '@jest/globals';
import { REMOTE_REQUEST_KINDS, type RemoteRequestKind } from '@postern/contracts';
import {
  argumentForms,
  parseRequestArguments,
  parseRequestKind,
  toKebab,
} from '../../src/requests/request-arguments.ts';

/** @spec I1 I2 */
describe('arguments of requests on the command line', () => {
  test.each<[RemoteRequestKind, string[], object]>([
    ['GetCounters', [], {}],
    ['GetCounters', ['names=copies,faxes', 'names=scans'], { names: ['copies', 'faxes', 'scans'] }],
    ['SetParameters', ['location=2nd floor'], { parameters: [{ name: 'location', value: '2nd floor' }] }],
    [
      'SetParameters',
      ['a=b=c', 'e='],
      {
        parameters: [
          { name: 'a', value: 'b=c' },
          { name: 'e', value: '' },
        ],
      },
    ],
    ['SetParameters', ['parameters.parameters=1'], { parameters: [{ name: 'parameters', value: '1' }] }],
    ['ExecuteCommand', ['command=restart'], { command: 'restart' }],
    [
      'ExecuteCommand',
      ['command=print', 'copies=2', 'arguments.command=x'],
      {
        command: 'print',
        arguments: [
          { name: 'copies', value: '2' },
          { name: 'command', value: 'x' },
        ],
      },
    ],
    ['CollectLogs', ['since=2026-01-01T00:00:00Z', 'limit=5'], { since: '2026-01-01T00:00:00Z', limit: 5 }],
    ['CollectLogs', ['minimum-level=warn'], { minimumLevel: 'warn' }],
    ['CollectLogs', ['minimumLevel=warn'], { minimumLevel: 'warn' }],
    ['SetPolling', ['interval-seconds=60', 'hold-seconds=0'], { intervalSeconds: 60, holdSeconds: 0 }],
    ['Activate', ['active=false'], { active: false }],
    ['SearchDevices', ['method=dns-sd', 'adopt=true'], { method: 'dns-sd', adopt: true }],
    ['SetSchedule', [], {}],
    [
      'SetSchedule',
      ['entry=read-counters,0 3 * * 1,5', 'entry=check-versions,every 6h'],
      {
        entry: [
          { task: 'read-counters', expression: '0 3 * * 1,5' },
          { task: 'check-versions', expression: 'every 6h' },
        ],
      },
    ],
  ])('%s %j', (kind, texts, body) => {
    expect(parseRequestArguments(kind, texts)).toEqual(body);
  });

  test.each<[RemoteRequestKind, string[], RegExp]>([
    ['GetCounters', ['copies'], /^Not an argument: copies$/],
    ['GetCounters', ['=copies'], /^Not an argument/],
    ['GetCounters', ['name=copies'], /^get-counters takes names, not name$/],
    ['ConfirmAlive', ['now=1'], /^confirm-alive takes no arguments, not now$/],
    ['CollectLogs', ['since=yesterday'], /collect-logs: CollectLogs\/since/],
    ['CollectLogs', ['limit=-1'], /limit is a whole number/],
    ['CollectLogs', ['limit=1', 'limit=2'], /limit is given twice/],
    ['CollectLogs', ['limit=99999'], /limit/],
    ['CollectLogs', ['minimum-level=loud'], /none of debug/],
    ['Activate', ['active=yes'], /active is true or false/],
    ['ExecuteCommand', ['copies=2'], /ExecuteCommand\/command/],
    ['ExecuteCommand', ['command=restart', 'command=stop'], /command is given twice/],
    ['DeleteFile', ['name=a', 'requestId=r'], /takes name, not requestId/],
    ['SetSchedule', ['entry=read-counters'], /entry is written task,expression/],
    ['SetSchedule', ['entry=dance,0 3 * * *'], /none of check-versions/],
  ])('%s %j is refused', (kind, texts, message) => {
    expect(() => parseRequestArguments(kind, texts)).toThrow(
      expect.objectContaining({ code: 'argument-invalid', message: expect.stringMatching(message) }),
    );
  });

  test('kinds are written in kebab case, or as in the contract', () => {
    for (const kind of REMOTE_REQUEST_KINDS) {
      expect(parseRequestKind(toKebab(kind))).toBe(kind);
      expect(parseRequestKind(kind)).toBe(kind);
    }
    for (const text of ['update-software', 'get-everything', 'toString', '']) {
      expect(() => parseRequestKind(text)).toThrow(expect.objectContaining({ code: 'request-kind-unknown' }));
    }
  });

  test('every kind says what it takes', () => {
    expect(argumentForms('CollectLogs')).toEqual([
      { name: 'since', option: 'since', placeholder: 'time', required: false },
      {
        name: 'minimumLevel',
        option: 'minimum-level',
        placeholder: 'debug|info|warn|error',
        required: false,
      },
      { name: 'limit', option: 'limit', placeholder: 'number', required: false },
    ]);
    expect(argumentForms('GetCounters')[0]?.placeholder).toBe('text,…');
    expect(argumentForms('SetSchedule')[0]?.placeholder).toBe('task,expression');
    expect(argumentForms('SetParameters')[0]?.placeholder).toBe('name=value');
    for (const kind of REMOTE_REQUEST_KINDS) {
      expect(argumentForms(kind).map(({ name }) => name)).not.toContain('requestId');
    }
  });
});
