import { describe, expect, it } from '@jest/globals';
import { judge, type SessionStanding, verbsOf } from '../../../src/ftp/server/command-rules.ts';

const standing = (changes: Partial<SessionStanding> = {}): SessionStanding => ({
  login: 'logged-in',
  dataOffered: true,
  extendedPassiveOnly: false,
  security: 'none',
  bufferSizeTold: false,
  dataProtected: false,
  ...changes,
});

const verdict = (at: SessionStanding, line: string): number | 'allowed' => {
  const [verb = '', ...rest] = line.split(' ');
  const judged = judge(at, verb, rest.join(' '));
  return judged.allowed ? 'allowed' : judged.reply.code;
};

/** @spec B1 */
describe('command rules', () => {
  it.each(verbsOf('none').filter((verb) => !['USER', 'PASS', 'QUIT'].includes(verb)))(
    '%s needs a login',
    (verb) => {
      expect(verdict(standing({ login: 'connected' }), `${verb} x`)).toBe(530);
      expect(verdict(standing({ login: 'user-named' }), `${verb} x`)).toBe(530);
    },
  );

  it.each<[SessionStanding['login'], string, number | 'allowed']>([
    ['connected', 'USER bob', 'allowed'],
    ['connected', 'PASS x', 503],
    ['connected', 'QUIT', 'allowed'],
    ['connected', 'PORT 1,2,3,4,5,6', 530],
    ['connected', 'XYZZ', 530],
    ['user-named', 'USER bob', 'allowed'],
    ['user-named', 'PASS', 'allowed'],
    ['logged-in', 'USER bob', 503],
    ['logged-in', 'PASS x', 503],
    ['logged-in', 'PORT 1,2,3,4,5,6', 502],
    ['logged-in', 'EPRT |1|1.2.3.4|5|', 502],
    ['logged-in', 'MDTM x', 502],
    ['logged-in', 'DELE x', 502],
    ['logged-in', 'SITE x', 502],
    ['logged-in', 'toString', 502],
    ['logged-in', 'STOR', 501],
    ['logged-in', 'PWD x', 501],
    ['logged-in', 'LIST', 'allowed'],
    ['logged-in', 'STOR x', 'allowed'],
  ])('%s: %s -> %s', (login, line, expected) => {
    expect(verdict(standing({ login }), line)).toBe(expected);
  });

  it.each(['STOR x', 'APPE x', 'RETR x', 'LIST', 'NLST', 'MLSD'])('%s needs a data port', (line) => {
    expect(verdict(standing({ dataOffered: false }), line)).toBe(425);
  });

  it.each(['AUTH TLS', 'PBSZ 0', 'PROT P'])('%s does not exist on a plain server', (line) => {
    expect(verdict(standing(), line)).toBe(502);
    expect(verdict(standing({ login: 'connected' }), line)).toBe(530);
    expect(verbsOf('none')).not.toContain(line.slice(0, 4));
  });

  it('takes only EPSV after EPSV ALL', () => {
    expect(verdict(standing({ extendedPassiveOnly: true }), 'PASV')).toBe(503);
    expect(verdict(standing({ extendedPassiveOnly: true }), 'EPSV')).toBe('allowed');
  });
});

/** @spec B2 */
describe('command rules where TLS is configured', () => {
  it.each(verbsOf('wanted'))('before TLS: %s', (verb) => {
    const answered = ['AUTH', 'FEAT', 'QUIT'].includes(verb);
    for (const login of ['connected', 'logged-in'] as const) {
      const judged = judge(standing({ security: 'wanted', login }), verb, verb === 'AUTH' ? 'TLS' : '');
      expect(judged.allowed).toBe(answered);
    }
  });

  it.each<[Partial<SessionStanding>, string, number | 'allowed']>([
    [{ login: 'connected' }, 'USER bob', 'allowed'],
    [{ login: 'connected' }, 'AUTH TLS', 503],
    [{ login: 'connected' }, 'PBSZ 0', 'allowed'],
    [{ login: 'connected' }, 'PROT P', 503],
    [{ login: 'connected', bufferSizeTold: true }, 'PROT P', 'allowed'],
    [{ login: 'connected' }, 'FEAT', 530],
    [{}, 'FEAT', 'allowed'],
    [{}, 'CCC', 502],
    [{}, 'STOR x', 521],
    [{}, 'LIST', 521],
    [{ dataProtected: true }, 'STOR x', 'allowed'],
  ])('inside TLS %j: %s -> %s', (changes, line, expected) => {
    expect(verdict(standing({ security: 'secured', ...changes }), line)).toBe(expected);
  });
});
