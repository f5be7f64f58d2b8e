// Receives the first bytes of an image (directory, digest, length, base64 of the bytes), then waits to be killed.
import { systemClock } from '@postern/core';
import { createImageStore } from '@postern/storage';

const [directory, sha256, length, half] = process.argv.slice(2);
const store = await createImageStore({ directory, clock: systemClock, maxBytes: 1_000_000 });
const receiver = await store.receive({ sha256, length: Number(length) });
await receiver.write(Buffer.from(half, 'base64'));
console.log(receiver.offset);
process.stdin.resume();
