import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Closable,
  createClosers,
  Hours,
  type NodeRole,
  silentLogger,
  systemClock,
  systemEntropy,
} from '@postern/core';
import { type EnrolledNode, ensureNodeIdentity, openAuthority } from '@postern/pki';

/** What the tiers of tests are started with. */
export const ports = { clock: systemClock, entropy: systemEntropy, logger: silentLogger };

/** An empty directory with a CA, in which tiers are started. */
export interface Workplace {
  path(name: string): string;
  /** Makes the bundle of a node, in the directory of its name. */
  enrol(role: NodeRole, name: string): Promise<EnrolledNode>;
  /** What is closed at the end: the newest first, the directory last. */
  running<T extends Closable>(starting: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export const openWorkplace = async (): Promise<Workplace> => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-cli-'));
  const path = (name: string): string => join(directory, name);
  const closers = createClosers();
  closers.add(() => rm(directory, { recursive: true }));
  const authority = await openAuthority({ directory: path('ca'), ...ports });
  return {
    path,
    enrol: (role, name) =>
      ensureNodeIdentity({
        directory: path(name),
        identity: { role, name },
        clock: systemClock,
        authority,
        lifetime: Hours(100),
      }),
    running: async (starting) => {
      const started = await starting;
      closers.add(() => started.close());
      return started;
    },
    close: () => closers.close(),
  };
};

/** A process as something to be closed: it does not outlive its test. */
export const killing = async (child: ChildProcess): Promise<Closable> => ({
  close: async () => {
    child.kill('SIGKILL');
  },
});
