import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** What `docker inspect` says of a container. */
export interface Inspected {
  readonly Name: string;
  readonly State: {
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly User: string; readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly CapAdd: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>> | null;
  };
  readonly Mounts: readonly { readonly Name?: string; readonly Destination: string }[];
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
  };
}

/** A compose that is installed, as `npm run test:compose` has found it. */
export interface Compose {
  readonly command: readonly string[];
  /** As it says itself. */
  readonly version: string;
}

const told = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing: start with "npm run test:compose"`);
  return value;
};

/** The newest first. */
export const COMPOSES = JSON.parse(told('STACK_COMPOSES')) as readonly Compose[];

/** A project of docker-compose.yml on the engine that `npm run test:compose` has found or started. */
export class Stack {
  readonly project: string;
  readonly #command: readonly string[];

  /** @param name which of the projects of this run; what a killed run has left is found by the run's own name */
  constructor({ command }: Compose, name: string, ...options: readonly string[]) {
    this.project = `${told('STACK_PROJECT')}-${name}`;
    this.#command = [...command, '--project-name', this.project, ...options];
  }

  /** @returns standard output; throws with the last words where the command fails */
  compose(...args: readonly string[]): string {
    const [file = '', ...first] = this.#command;
    return run(file, [...first, ...args]);
  }

  /** The containers, by the name of their service. */
  containers(): Readonly<Record<string, Inspected>> {
    const ids = this.#labelled('ps', '--all').split('\n').filter(Boolean);
    const inspected = JSON.parse(run('docker', ['inspect', ...ids])) as readonly Inspected[];
    return Object.fromEntries(
      inspected.map((one) => [one.Config.Labels['com.docker.compose.service'] ?? one.Name, one]),
    );
  }

  /** Waits until a container that runs once has ended. */
  ended(service: string): void {
    run('docker', ['wait', this.#container(service)]);
  }

  /** Runs a program of node's in a service's container. */
  node(service: string, program: string, ...args: readonly string[]): string {
    return run('docker', ['exec', this.#container(service), 'node', '-e', program, ...args]).trim();
  }

  /** Which of the places `host:port` accept a connection from a service's container. */
  reaches(service: string, places: readonly string[]): readonly string[] {
    return JSON.parse(this.node(service, CONNECT, ...places)) as readonly string[];
  }

  /** Containers, networks and volumes that are there. */
  remains(): string {
    return ['ps --all', 'network ls', 'volume ls']
      .map((list) => this.#labelled(...list.split(' ')))
      .join('')
      .trim();
  }

  #container(service: string): string {
    return this.#labelled('ps', '--all', '--filter', `label=com.docker.compose.service=${service}`).trim();
  }

  #labelled(...list: readonly string[]): string {
    const filter = `label=com.docker.compose.project=${this.project}`;
    return run('docker', [...list, '--quiet', '--filter', filter]);
  }
}

const CONNECT = `
const { connect } = require('node:net');
const reached = (place) => new Promise((resolve) => {
  const [host, port] = place.split(':');
  const socket = connect({ host, port: Number(port), timeout: 2000 });
  const end = (result) => { socket.destroy(); resolve(result); };
  socket.on('connect', () => end([place])).on('timeout', () => end([])).on('error', () => end([]));
});
Promise.all(process.argv.slice(1).map(reached)).then((all) => console.log(JSON.stringify(all.flat())));
`;

const run = (file: string, args: readonly string[]): string => {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, POSTERN_PORT: '0' },
    timeout: 180_000,
  });
  if (status === 0) return stdout;
  throw new Error(
    `${file} ${args.join(' ')}: ${error?.message ?? status}\n${stdout}\n${stderr}`.slice(-4_000),
  );
};
