import { createPublicKey } from 'node:crypto';
import { type Signer, signRotation } from '@postern/software-update';
import { Command } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { print } from '../output/print.ts';
import { readSigners, writeBytes } from '../software-files.ts';

interface RotationOptions {
  readonly current: readonly string[];
  readonly new: readonly string[];
  readonly threshold: number;
  readonly sequence: number;
  readonly out: string;
  readonly json?: boolean;
}

/**
 * `postern software rotate-keys`: signs whom all nodes are to believe from then on. `postern software trust` brings it
 * to the server.
 *
 * @spec X1
 */
export const rotateKeysCommand = (): Command =>
  new Command('rotate-keys')
    .description('sign a key rotation: the complete set of vendor keys that follows the one in force')
    .requiredOption('--current <file...>', 'private keys in force, as many as must sign (repeatable)')
    .requiredOption(
      '--new <file...>',
      'private keys of all that are trusted from then on; one that is not named is revoked (repeatable)',
    )
    .option('--threshold <n>', 'how many of the new keys must sign', wholeNumber, 1)
    .requiredOption('--sequence <n>', 'the sequence in force plus 1; the first rotation is 1', wholeNumber)
    .requiredOption('--out <file>', 'where the signed rotation goes')
    .option('--json', 'print JSON')
    .action(async (options: RotationOptions) => {
      const { sequence, threshold, out } = options;
      const named = await readSigners(options.new);
      const current = (await readSigners(options.current)).filter(
        ({ keyId }) => !named.some((signer) => signer.keyId === keyId),
      );
      const rotation = signRotation({ sequence, threshold, keys: named.map(publicKeyPem) }, [
        ...current,
        ...named,
      ]);
      await writeBytes(out, rotation);
      const keys = named.map(({ keyId }) => keyId);
      print(options, { rotation: out, sequence, threshold, keys }, [
        `Rotation ${sequence}  ${out}`,
        `From then on ${threshold} of ${keys.length} vendor keys must have signed`,
        ...keys.map((keyId) => `Vendor key  ${keyId}`),
      ]);
    });

const publicKeyPem = ({ privateKey }: Signer): string =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
