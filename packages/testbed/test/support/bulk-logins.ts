import type { PacketLook } from '@postern/testbed';

/** Every one-time password that somebody on the bulk path saw, in the order of their first use. */
export const seenPasswords = ({ control }: PacketLook): readonly string[] => [
  ...new Set(
    control.filter((line) => line.startsWith('> PASS ')).map((line) => line.slice('> PASS '.length)),
  ),
];
