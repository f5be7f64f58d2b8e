import { expect, test } from '@jest/globals';
import { seededEntropy } from '@postern/core/testing';
import { bindPassword, credentialId, makeCredential, sameDigest } from '@postern/software-update';
import fc from 'fast-check';

const word = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\0'));
const binding = fc.record({ deviceId: word, userName: word, jobId: word, password: word });

/** @spec X3 */
test('a stored password fits no other device, user, job or password', () => {
  fc.assert(
    fc.property(binding, binding, (one, other) => {
      const same = JSON.stringify(Object.values(one)) === JSON.stringify(Object.values(other));
      expect(bindPassword(one, one.password) === bindPassword(other, other.password)).toBe(same);
    }),
  );
  const base = { deviceId: 'd', userName: 'u', jobId: 'j' };
  const digests = [
    bindPassword(base, 'p'),
    bindPassword({ ...base, deviceId: 'd2' }, 'p'),
    bindPassword({ ...base, userName: 'u2' }, 'p'),
    bindPassword({ ...base, jobId: 'j2' }, 'p'),
    bindPassword(base, 'p2'),
    bindPassword({ ...base, deviceId: 'du', userName: '' }, 'p'),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

/** @spec U1 */
test('a credential has 256 random bits that FTP carries as they are, and is another one each time', () => {
  const entropy = seededEntropy('credentials');
  const [first, second] = [makeCredential(entropy, 'site-1'), makeCredential(entropy, 'site-1')];
  expect(first).toEqual({
    userName: 'site-1',
    oneTimePassword: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    reportKey: expect.stringMatching(/^[0-9a-f]{64}$/),
    nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(second.oneTimePassword).not.toBe(first.oneTimePassword);
  expect(second.reportKey).not.toBe(first.reportKey);
});

test('digests of different length or none are never the same', () => {
  expect(sameDigest('', '')).toBe(false);
  expect(sameDigest('zz', 'zz')).toBe(false);
  expect(sameDigest('ab', 'abcd')).toBe(false);
  expect(sameDigest('ab', 'ab')).toBe(true);
});

/** @spec P1 */
test('a credential is called by its job, and one of a list by its place there', () => {
  const made = makeCredential(seededEntropy('names'), 'site-1');
  expect(credentialId('job-1', made)).toBe('job-1');
  expect(credentialId('job-1', { ...made, listEntry: { list: 'L', entry: 7 } })).toBe('L.7');
});
