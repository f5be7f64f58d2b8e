import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Starts a script of this directory on the built package and waits for its first line of output. */
export const startChild = async (
  script: string,
  parameters: readonly string[],
): Promise<{ child: ChildProcess; firstLine: string }> => {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...parameters], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [firstLine] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, firstLine: String(firstLine) };
};

/** Kills as a power cut would: nothing of the child runs any more. */
export const killHard = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};
