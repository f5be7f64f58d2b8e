import { describe, expect, it } from '@jest/globals';
import { sshHostKeyFingerprint } from '@postern/bulk-transfer';
import { parseAuthorizedKeys } from '@postern/bulk-transfer/sftp-drop';
import { ecdsaKeys, ed25519Keys, rsaKeys } from '../support/ssh-keys.ts';

const keys = ed25519Keys();
const [type = '', base64 = ''] = keys.line.split(' ');

/** @spec I5 */
describe('a list of SSH keys', () => {
  it('is read past comments and empty lines', () => {
    const text = `# peers\r\n\r\n${keys.line}\n  ${ecdsaKeys(384).line}\n${type}\t${base64}\n`;
    expect(parseAuthorizedKeys(text)).toMatchObject([
      { type, comment: 'someone@site', fingerprint: sshHostKeyFingerprint(keys.privateKey) },
      { type: 'ecdsa-sha2-nistp384' },
      { type, comment: '' },
    ]);
    expect(parseAuthorizedKeys('')).toEqual([]);
  });

  it('has RSA keys that are long enough', () => {
    expect(parseAuthorizedKeys(rsaKeys(2_048).line)).toMatchObject([{ type: 'ssh-rsa' }]);
    expect(() => parseAuthorizedKeys(rsaKeys(1_024).line)).toThrow('RSA key of less than 2048 bits');
  });

  it.each([
    ['options', `from="10.0.0.1" ${keys.line}`, 'Line 1 has options'],
    ['a flag', `#\nrestrict ${keys.line}`, 'Line 2 has options'],
    ['a marker', `cert-authority ${keys.line}`, 'has options'],
    ['a certificate', `ssh-ed25519-cert-v01@openssh.com ${base64} x`, 'of a kind that is not taken'],
    ['DSA', `ssh-dss ${base64}`, 'of a kind that is not taken'],
    ['a private key', keys.privateKey, 'Line 1 is of a private key'],
    ['something else', 'hello', 'Line 1 is no public key'],
    ['half a key', `${type} ${base64.slice(0, 40)}`, 'Line 1 has a damaged key'],
    ['no key', type, 'Line 1 has a damaged key'],
    ['a key of another type', `ecdsa-sha2-nistp256 ${base64}`, 'Line 1 has a damaged key'],
    ['too many keys', `${keys.line}\n`.repeat(257), 'more than 256 keys'],
    ['too much text', '#'.repeat(300_000), 'longer than'],
  ])('with %s is refused', (_what, text, message) => {
    expect(() => parseAuthorizedKeys(text)).toThrow(
      expect.objectContaining({
        code: 'authorized-keys-invalid',
        message: expect.stringContaining(message),
        hint: expect.stringContaining('ssh-keygen'),
      }),
    );
  });
});
