import { describe, expect, it } from '@jest/globals';
import { passiveNumbers, plainAddress } from '../../../src/common/addresses.ts';
import { isPlainName } from '../../../src/common/file-name.ts';
import { formatListing } from '../../../src/ftp/server/listing.ts';
import { formatReply, reply } from '../../../src/ftp/server/reply.ts';

/** @spec B1 */
describe('what goes over the wire', () => {
  it('formats replies', () => {
    expect(formatReply(reply(226, 'Done'))).toBe('226 Done\r\n');
    expect(formatReply(reply(211, 'Features', ['EPSV', 'UTF8']))).toBe(
      '211-Features\r\n EPSV\r\n UTF8\r\n211 End\r\n',
    );
  });

  it('lets no second line into a reply and bounds its length', () => {
    expect(formatReply(reply(550, 'a\r\n226 Done'))).toBe('550 a 226 Done\r\n');
    expect(formatReply(reply(550, 'x'.repeat(10_000))).length).toBeLessThan(512);
  });

  it('lists files in three forms', () => {
    const entries = [
      { name: 'version.txt', size: 9, access: 'r' as const },
      { name: 'image.bin', size: 0, access: 'w' as const },
    ];
    expect(formatListing('NLST', entries).toString()).toBe('version.txt\r\nimage.bin\r\n');
    expect(formatListing('MLSD', entries).toString()).toBe(
      'type=file;size=9;perm=r; version.txt\r\ntype=file;size=0;perm=aw; image.bin\r\n',
    );
    expect(formatListing('LIST', entries).toString()).toMatch(
      /^-r-{8} 1 device device +9 Jan +1 +2000 version\.txt\r\n-+w/,
    );
  });

  it.each(['', '.', '..', 'a/b', '/a', 'a\\b', '..a', 'a\u0000', 'a\u0085', 'a\u2028b'])(
    'refuses the name %j',
    (name) => {
      expect(isPlainName(name)).toBe(false);
    },
  );

  it.each(['image.bin', 'a b', 'bücher', '-rf'])('takes the name %j', (name) => {
    expect(isPlainName(name)).toBe(true);
  });

  it('tells addresses', () => {
    expect(plainAddress('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(plainAddress('fe80::1')).toBe('fe80::1');
    expect(plainAddress(undefined)).toBe('');
    expect(passiveNumbers('10.0.0.1', 513)).toBe('10,0,0,1,2,1');
  });
});
