// Takes the lock of the directory given, says so, and holds it until it is killed; or says why not.
import { lockDirectory } from '@postern/storage';

try {
  await lockDirectory(process.argv[2]);
  console.log('locked');
  process.stdin.resume();
} catch (error) {
  console.log(error.code);
}
