import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Starts a program of this folder where the harness wants it (`launch`), tells it what it is given as its argument, and
 * hands on each JSON object that it prints. A program of any language is started in the same way.
 */
export const startProgram = (file, part, onLine) => {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const [command, ...argv] = [...part.launch, process.execPath, program, JSON.stringify(part)];
  const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  createInterface({ input: child.stdout }).on('line', (line) => onLine(JSON.parse(line)));
  return {
    ended,
    close: async () => {
      child.kill();
      await ended;
    },
  };
};

/** Starts a program; resolves with the first object that it prints, which says where it listens, and how to end it. */
export const startListening = (file, part, onLine = () => {}) =>
  new Promise((resolve, reject) => {
    const { ended, close } = startProgram(file, part, (line) => {
      onLine(line);
      resolve({ ...line, close });
    });
    ended.then(([code]) => reject(new Error(`${file} ended with ${code}`)), reject);
  });
