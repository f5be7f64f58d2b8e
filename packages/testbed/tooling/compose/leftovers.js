// What a run leaves on an engine, and what a run that was killed has left behind.
import { spawnSync } from 'node:child_process';
import { reviveEngine } from './engine.js';
import { abandonedRunFolders, projectOf, removeRunFolder } from './run-folder.js';

const lines = (args, env) => {
  const { status, stdout, stderr } = spawnSync('docker', args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr.slice(-500)}`);
  return stdout.split('\n').filter((line) => line !== '');
};

const KINDS = [
  { list: ['ps', '--all'], remove: ['rm', '--force', '--volumes'] },
  { list: ['network', 'ls'], remove: ['network', 'rm'] },
  { list: ['volume', 'ls'], remove: ['volume', 'rm'] },
];

/** Takes containers, networks and volumes of the projects away whose names begin so. */
export const clearProjects = (prefix, env) => {
  for (const { list, remove } of KINDS) {
    const found = lines([...list, '--quiet', '--filter', `name=${prefix}`], env);
    if (found.length > 0) lines([...remove, ...found], env);
  }
};

/**
 * Clears up after runs that were killed, and touches none that lives.
 *
 * @param env for the client of the engine that they have used where they had none of their own
 */
export const clearLeftovers = async (env, stop) => {
  for await (const run of abandonedRunFolders()) {
    try {
      const engine = await reviveEngine(run.folder, stop);
      try {
        clearProjects(projectOf(run.folder), { ...env, ...(engine && { DOCKER_HOST: engine.host }) });
      } finally {
        await engine?.close();
      }
      removeRunFolder(run);
      console.error(`Cleared up after a run that was killed: ${run.folder}`);
    } catch (error) {
      run.lock.release();
      console.error(`Not cleared up after a run that was killed: ${run.folder}: ${error.message}`);
    }
  }
};
