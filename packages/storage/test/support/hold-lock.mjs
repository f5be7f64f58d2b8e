// Takes the lock of the directory given and holds it until it is killed.
import { lockDirectory } from '@postern/storage';

await lockDirectory(process.argv[2]);
console.log('locked');
process.stdin.resume();
