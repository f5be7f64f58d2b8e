import { intermediaryContract } from '@postern/contracts';
import { type Closers, createClosers, type Duration, Seconds } from '@postern/core';
import type { EnrolledNode } from '@postern/pki';
import type { Signer } from '@postern/software-update';
import { type SoapTarget, sampleOf, type TargetAddress } from '../soap/soap-target.ts';
import { makeStranger } from '../stranger.ts';
import type { TargetConnection } from '../target-connection.ts';
import { skipped } from '../verdicts.ts';
import { responseTo } from './exchanges.ts';
import { Happenings } from './happenings.ts';
import { type PlayedDevice, playDevice } from './played-device.ts';
import { type PlayedServer, playServer } from './played-server.ts';

/** `node`: the device that is played for it. */
export interface IntermediaryTargetOptions extends TargetConnection {
  /** Of the management server that it is configured with. */
  readonly server: EnrolledNode;
  /** Where that server is played. Port 0: given by the system. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The address under which the intermediary reaches the device that is played; that of `listen` unless given. */
  readonly reach?: string;
  /** A second device, which is played without what goes beyond the patent. */
  readonly patentDevice?: EnrolledNode;
  /** How long it may take for what it can do at once; other waits are multiples of that. 20 s unless given. */
  readonly soon?: Duration;
  /** Keys of a vendor whose software the intermediary installs: updates are carried out with them. */
  readonly signers?: readonly Signer[];
}

/** Somebody's intermediary, seen from the server above it and a device below it. */
export interface IntermediaryTarget extends SoapTarget {
  readonly options: IntermediaryTargetOptions;
  readonly happenings: Happenings;
  /** How long what it can do at once may take. */
  readonly soon: Duration;
  readonly server: PlayedServer;
  readonly device: PlayedDevice;
  readonly patentDevice: PlayedDevice | undefined;
  /** The server's name, of a CA that nobody trusts. */
  readonly strangeServer: EnrolledNode;
  /** Where the intermediary has to poll. */
  readonly uplinkUrl: string;
  /**
   * Waits for the first poll. Nothing can be found out before.
   *
   * @returns the name of the intermediary
   * @throws PosternError `not-conforming` when none comes in time
   */
  firstPoll(within: Duration, signal?: AbortSignal): Promise<string>;
  /** Registers a device, so that the intermediary knows it as it is now; adopts it where that is needed. */
  register(device: PlayedDevice, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const MODEL = 'Conformance Device';
const SOON = Seconds(20);

/**
 * Begins to play the management server and the device.
 *
 * @throws PosternError `listen-failed`, `ftp-listen-failed`
 */
export const openIntermediaryTarget = async (
  options: IntermediaryTargetOptions,
): Promise<IntermediaryTarget> => {
  const closers = createClosers();
  try {
    return await open(options, () => closers.close(), closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
};

const open = async (
  options: IntermediaryTargetOptions,
  close: () => Promise<void>,
  closers: Closers,
): Promise<IntermediaryTarget> => {
  const { url, node, server: serverNode, listen, clock, patentDevice, soon = SOON } = options;
  const { host } = listen;
  const reach = options.reach ?? host;
  const stranger = await makeStranger(node.identity, options);
  const strangeServer = await makeStranger(serverNode.identity, options);
  const happenings = new Happenings(clock);
  const parts = { ...options, closers, happenings };
  const server = await playServer({ ...parts, node: serverNode });
  const addressOf = (device: EnrolledNode): TargetAddress => ({
    url,
    node: device,
    stranger,
    clock,
    expect: { role: 'intermediary' },
  });
  const play = (device: EnrolledNode, beyondPatent: boolean, told: Happenings): Promise<PlayedDevice> =>
    playDevice({
      ...parts,
      address: addressOf(device),
      host,
      reach,
      model: MODEL,
      beyondPatent,
      happenings: told,
    });
  const device = await play(node, true, happenings);
  const poorer =
    patentDevice === undefined ? undefined : await play(patentDevice, false, new Happenings(clock));

  const register = async (registering: PlayedDevice, signal: AbortSignal): Promise<void> => {
    const isActive = async () => {
      const request = { device: registering.information() };
      return (await registering.call((client) => client.call('Register', request, { signal }))).active;
    };
    if (await isActive()) return;
    const body = { kind: 'Activate', value: { active: true } } as const;
    const requestId = server.script.order({ body, target: registering.id });
    await responseTo(happenings, requestId, { what: 'Activate', within: soon }, signal);
    if (await isActive()) return;
    throw skipped(
      `The intermediary has not adopted the device ${registering.id}`,
      `Adopt ${registering.id} there, or let it carry out Activate.`,
    );
  };
  const sampleCall = sampleOf(intermediaryContract, addressOf(node), (client, signal) =>
    client.call('NotifyStart', device.startNotice(), { signal }),
  );
  let registered = false;
  return {
    options,
    happenings,
    soon,
    server,
    device,
    patentDevice: poorer,
    strangeServer,
    uplinkUrl: `https://${reach}:${server.port}/uplink`,
    firstPoll: (within, signal) =>
      happenings.first(
        'poll',
        ({ node: name }) => name,
        {
          otherwise: 'The intermediary did not poll',
          next: 'Configure it with the address of the server that is played, and its name; see its log.',
          within,
        },
        signal,
      ),
    register,
    // A start that nobody waits for: it changes nothing.
    sample: async (changes, signal) => {
      // Outsiders are turned away, whoever is known.
      if (!registered && (changes.caller ?? 'ours') === 'ours') {
        await register(device, signal);
        registered = true;
      }
      await sampleCall(changes, signal);
    },
    close,
  };
};
