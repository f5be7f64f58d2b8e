import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duration, errorMessage, systemClock } from '@postern/core';
import type { ControlledDevice } from '../devices/controlled-device.ts';
import type { Faults } from '../faults/faults.ts';
import { openNamespaces } from '../namespaces/index.ts';
import type { Operator } from '../site/operator.ts';
import type { StepLog } from '../steps/step-log.ts';
import type { VirtualTopology } from '../virtual/virtual-topology.ts';
import { nodesOf, placed } from './plan.ts';
import type { RealTopologyOptions } from './real-options.ts';
import { RealTopology } from './real-topology.ts';
import { requirePossible } from './run-options.ts';

/**
 * How a topology runs. `in-process`: real sockets on loopback, everything in this process. `processes`: each tier is the
 * `postern` command. `namespaces`: these processes in Linux network namespaces. `virtual`: the code of the tiers on a
 * virtual clock and a network in memory.
 */
export type RunKind = 'in-process' | 'processes' | 'namespaces' | 'virtual';

/** What a test may ask of a topology however it runs. What a run kind cannot do is refused with `not-in-this-run`. */
export interface Topology extends AsyncDisposable {
  readonly run: RunKind;
  /** The steps of updates, requests and calls, as the nodes took them. */
  readonly steps: StepLog;
  /** Whoever orders at the server. */
  readonly operator: Operator;
  readonly faults: Faults;
  readonly time: TopologyTime;
  /** Every device of every LAN. */
  readonly deviceIds: readonly string[];
  /** @throws PosternError `tier-not-started` where there is no such device */
  device(id: string): ControlledDevice;
  /** Ends everything and removes a temporary directory. Idempotent. */
  close(): Promise<void>;
}

export interface TopologyTime {
  /** Lets time pass. Virtual time moves by itself while a test waits for something of the topology, and only then. */
  advance(duration: Duration): Promise<void>;
}

/** What a topology is made of. What its run kind has not is refused with `not-in-this-run`. */
export interface TopologyOptions
  extends Omit<RealTopologyOptions, 'directory' | 'run' | 'ground' | 'onClosed'> {
  /** Default: `in-process`. */
  readonly run?: RunKind;
  /** Everything is kept here, and a topology made again on it goes on with it. Default: a temporary one, removed at the end. */
  readonly directory?: string;
  /** What chance is drawn from in a `virtual` topology. Default: 1. */
  readonly seed?: number;
}

/** A topology with sockets has more to look at: LANs, firewalls, taps, tiers. */
type RealOptions = TopologyOptions & { readonly run?: Exclude<RunKind, 'virtual'> };

/**
 * Makes and starts a topology.
 *
 * @throws PosternError `plan-invalid`, `not-in-this-run`, `namespaces-unavailable`, and those of the tiers' starts
 */
export function startTopology(options: RealOptions): Promise<RealTopology>;
export function startTopology(
  options: TopologyOptions & { readonly run: 'virtual' },
): Promise<VirtualTopology>;
export function startTopology(options: TopologyOptions): Promise<Topology>;
export async function startTopology({
  run = 'in-process',
  directory,
  ...options
}: TopologyOptions): Promise<Topology> {
  requirePossible(run, { ...options, ...(directory === undefined ? {} : { directory }) });
  const lans = placed(options.sites);
  nodesOf(lans);
  if (run === 'virtual') {
    const { VirtualTopology } = await import('../virtual/virtual-topology.ts');
    return VirtualTopology.start(options);
  }
  const ground =
    run === 'namespaces' ? { ground: await openNamespaces(options.clock ?? systemClock, lans) } : {};
  if (directory !== undefined) return new RealTopology({ ...options, ...ground, run, directory }).start();
  const temporary = await mkdtemp(join(tmpdir(), 'postern-topology-'));
  const onClosed = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  return new RealTopology({ ...options, ...ground, run, directory: temporary, onClosed }).start();
}

/**
 * Starts a topology, lets `work` use it and ends it, whatever comes of that. An error of `work` has the sequence of
 * steps in its message, so that any test runner prints it.
 *
 * @throws what starting and `work` throw
 */
export const withTopology = async <T>(
  options: TopologyOptions,
  work: (topology: Topology) => Promise<T>,
): Promise<T> => {
  const topology = await startTopology(options);
  try {
    return await work(topology);
  } catch (error) {
    throw withStory(error, topology.steps.print());
  } finally {
    await topology.close();
  }
};

/** The error with the story in its message, and in its stack, which test runners print instead. */
const withStory = (error: unknown, story: string): unknown => {
  if (!isError(error) || errorMessage(error).includes(story)) return error;
  const told = `\n\nWhat came before:\n${story}`;
  const { message, stack } = error;
  error.message = `${message}${told}`;
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
  // Jest words the errors of node:assert anew unless their message is somebody's own.
  if ('generatedMessage' in error) error.generatedMessage = false;
  return error;
};

/** Also one of another realm: within jest those of Node itself are. */
const isError = (error: unknown): error is Error =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
