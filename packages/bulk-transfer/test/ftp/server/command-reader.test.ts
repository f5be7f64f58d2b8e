import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CommandLine, CommandReader, LONGEST_LINE } from '../../../src/ftp/server/command-reader.ts';

const read = (...packets: (string | number[])[]): CommandLine[] => {
  const reader = new CommandReader();
  return packets.flatMap((packet) => reader.push(Buffer.from(packet as string)));
};

const command = (verb: string, argument = ''): CommandLine => ({ kind: 'command', verb, argument });
const IAC = 0xff;

/** @spec B1 */
describe('command reader', () => {
  it.each<[string, string, CommandLine]>([
    ['a verb alone', 'NOOP\r\n', command('NOOP')],
    ['lower case', 'user bob\r\n', command('USER', 'bob')],
    ['an argument verbatim, quotes and spaces too', 'PASS  a "b" \r\n', command('PASS', ' a "b" ')],
    ['UTF-8', 'SIZE bücher\r\n', command('SIZE', 'bücher')],
  ])('reads %s', (_what, text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  it.each<[string, string | number[], number]>([
    ['LF without CR', 'NOOP\n', 501],
    ['CR inside', 'NO\rOP\r\n', 501],
    ['CR CR LF', 'NOOP\r\r\n', 501],
    ['NUL', 'SIZE a\0b\r\n', 501],
    ['telnet CR NUL', 'NOOP\r\0\r\n', 501],
    ['a control character', 'SIZE a\u001bb\r\n', 501],
    ['DEL', 'SIZE a\u007f\r\n', 501],
    ['bytes that are no UTF-8', [0x53, 0x49, 0x5a, 0x45, 0x20, 0xc3, 0x28, 0x0d, 0x0a], 501],
    ['an empty line', '\r\n', 500],
    ['a verb that is too long', 'HELLO there\r\n', 500],
    ['HTTP', 'GET / HTTP/1.1\r\n'.replace('GET', 'GETTT'), 500],
  ])('refuses %s', (_what, packet, code) => {
    expect(read(packet)).toEqual([expect.objectContaining({ kind: 'malformed', code })]);
  });

  it('takes the longest line and refuses one byte more, then goes on', () => {
    const longest = `SIZE ${'a'.repeat(LONGEST_LINE - 7)}\r\n`;
    expect(read(longest)[0]?.kind).toBe('command');
    expect(read(`x${longest}`, 'NOOP\r\n')).toEqual([
      { kind: 'malformed', code: 500, reason: 'Command line too long' },
      command('NOOP'),
    ]);
  });

  it('drops telnet commands', () => {
    expect(read([IAC, 0xf4, IAC, 0xf2], 'ABOR\r\n')).toEqual([command('ABOR')]);
    expect(read([IAC, 0xfd, 0x06], 'NOOP\r\n')).toEqual([command('NOOP')]);
    expect(read([IAC, 0xfa, 1, 2, IAC, 0xf0], 'NOOP\r\n')).toEqual([command('NOOP')]);
  });

  it('keeps the byte behind an IAC whose command travelled as urgent data', () => {
    expect(read([IAC, 0xf4, IAC], 'ABOR\r\n')).toEqual([command('ABOR')]);
  });

  it('reads the same however the bytes are split', () => {
    const stream = Buffer.from('USER a\r\nPASS \u00fc b\r\nbad\n\r\nNOOP\r\n');
    const whole = new CommandReader().push(stream);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
        const edges = [0, ...cuts.sort((one, other) => one - other), stream.length];
        const reader = new CommandReader();
        const lines = edges.slice(1).flatMap((edge, at) => reader.push(stream.subarray(edges[at], edge)));
        expect(lines).toEqual(whole);
      }),
    );
  });
});
