import { expect, test } from '@jest/globals';
import { requireNamespaces } from '../../src/namespaces/requirements.ts';

/** A machine on which everything works but what begins like this. */
const without =
  (...failing: readonly string[]) =>
  (command: readonly string[]) => ({
    status: failing.some((start) => command.join(' ').startsWith(start)) ? 1 : 0,
  });

test.each<[string, readonly string[], RegExp]>([
  ['programs', ['nft', 'ip'], /Missing: ip, nft\. Install with "apt-get install \S+ iproute2 nftables"/],
  ['the right', ['unshare --net'], /Run as root, or inside "unshare -Urnm"/],
  ['nftables in the kernel', ['unshare --net nft'], /kernel has no nftables/],
])('a machine that lacks %s is told so', (_, failing, message) => {
  expect(() => requireNamespaces(without(...failing), 'linux')).toThrow(message);
});

test('so is a machine that is no Linux', () => {
  expect(() => requireNamespaces(without(), 'darwin')).toThrow(/a part of Linux/);
});
