import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Entropy, errorCode, type Logger, Seconds, withDeadline } from '@postern/core';
import type { Intermediary } from '@postern/intermediary';
import type { BundlePart, WireEvent, WireUpdate } from '@postern/intermediary/operation';
import { cliError } from './errors.ts';
import { showSiteUpdate } from './follow-site-update.ts';
import type { UpdatePrinter } from './output/update-printer.ts';
import { readBundleFiles } from './software-bundle.ts';

/** One update by a tool that is no intermediary of any site. */
export interface DirectUpdate {
  readonly device: string;
  readonly host: string;
  readonly securePort: number;
  /** What it proves to be, a device unless given: an intermediary whose own software is updated is none. */
  readonly role?: 'device' | 'intermediary' | undefined;
  /** A folder or tar file; or the two below. */
  readonly bundle?: string | undefined;
  readonly manifest?: string | undefined;
  readonly image?: readonly string[] | undefined;
  readonly keyRotation?: readonly string[] | undefined;
  /** The bundle of the tool's identity; its name is among the `updaters` of the device. */
  readonly identity: string;
  readonly vendorKey: readonly string[];
  readonly vendorThreshold: number;
  /** What the tool remembers; the same directory goes on with what an earlier process left. */
  readonly state: string;
  /** Where the device reaches this machine; found out unless given. */
  readonly noticeHost?: string | undefined;
  readonly noticePort?: number | undefined;
  readonly deadline: number;
}

export interface DirectSurroundings {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly printer: UpdatePrinter;
  /** Ends the tool where it is. */
  readonly signal: AbortSignal;
}

/**
 * Updates one device with the intermediary's own engine in this process, without a server: an update is stored before
 * it begins, so that the same command goes on after whatever happened to this process.
 *
 * @returns the result; undefined when the tool was ended before the update was
 * @spec U20
 */
export const updateDirect = async (
  update: DirectUpdate,
  surroundings: DirectSurroundings,
): Promise<WireUpdate | undefined> => {
  const engine = await startEngine(update, surroundings);
  try {
    const id = openUpdateOf(engine, update.device) ?? (await orderUpdate(engine, update, surroundings));
    const { printer, signal } = surroundings;
    const result = await showSiteUpdate(eventsOf(engine, id, signal), printer);
    if (result !== undefined) forgetSoftware(engine);
    return result;
  } finally {
    await engine.close();
  }
};

/**
 * The device was told with its password where to notify its start, and an earlier process may have told it: so the
 * port stays the same, unless somebody else has taken it meanwhile.
 */
const startEngine = async (update: DirectUpdate, surroundings: DirectSurroundings): Promise<Intermediary> => {
  const file = join(update.state, 'notice-port');
  const remembered = update.noticePort ?? (await readPort(file));
  let engine: Intermediary;
  try {
    engine = await startOn(remembered ?? 0, update, surroundings);
  } catch (error) {
    if (errorCode(error, '') !== 'listen-failed' || update.noticePort !== undefined) throw error;
    engine = await startOn(0, update, surroundings);
  }
  try {
    await writeFile(file, `${engine.noticePort}\n`, { mode: 0o600 });
    return engine;
  } catch (cause) {
    await engine.close();
    throw cliError('file-unwritable', `${file} cannot be written (${errorCode(cause, 'unknown')})`, cause);
  }
};

const readPort = async (file: string): Promise<number | undefined> => {
  const port = Number(await readFile(file, 'utf8').catch(() => ''));
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : undefined;
};

const startOn = async (
  noticePort: number,
  update: DirectUpdate,
  { clock, entropy, logger }: DirectSurroundings,
): Promise<Intermediary> => {
  const { parseConfig, startIntermediary } = await import('@postern/intermediary');
  const advertised = { host: update.noticeHost ?? (await addressTowards(update, clock)) };
  const everywhere = update.host.includes(':') ? '::' : '0.0.0.0';
  const config = parseConfig({
    dataDir: update.state,
    identityDir: update.identity,
    secure: { host: everywhere, port: 0 },
    notice: { host: everywhere, port: noticePort, advertised },
    vendorKeyFiles: [...update.vendorKey],
    vendorThreshold: update.vendorThreshold,
    operation: false,
    devices: { [update.device]: { role: update.role } },
  });
  return startIntermediary(config, { clock, entropy, logger });
};

/** What an earlier process began and did not end. */
const openUpdateOf = ({ operations }: Intermediary, device: string): string | undefined =>
  operations.updates().find(({ deviceId, state }) => deviceId === device && state === 'open')?.id;

const orderUpdate = async (
  { operations }: Intermediary,
  update: DirectUpdate,
  { printer, signal }: DirectSurroundings,
): Promise<string> => {
  const { device, host, securePort } = update;
  const software = await operations.import(await partsOf(update), 'medium', signal);
  const { model } = await operations.adopt(device, { host, port: securePort }, signal);
  const { id } = operations.order({
    deviceId: device,
    software: software.id,
    deadline: Seconds(update.deadline),
  });
  printer.line(`Update ${id} of ${device}, a ${model}`, {
    event: 'update-ordered',
    updateId: id,
    deviceId: device,
  });
  return id;
};

const partsOf = async ({
  bundle,
  manifest,
  image,
  keyRotation,
}: DirectUpdate): Promise<AsyncIterable<BundlePart>> => {
  const { bundleEntries, bundleParts } = await import('@postern/intermediary/operation');
  if (bundle !== undefined) return bundleParts(bundle);
  if (manifest === undefined || image === undefined) {
    throw cliError('nothing-to-install', 'There is neither a bundle nor a manifest with its images');
  }
  return bundleEntries(await readBundleFiles({ manifest, image, keyRotation }));
};

async function* eventsOf(
  { operations }: Intermediary,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<WireEvent> {
  const { wireEvent } = await import('@postern/intermediary/operation');
  for await (const event of operations.follow(id, 0, signal)) yield wireEvent(event);
}

/** The tool keeps no shelf: its images may give way to those of the next update. */
const forgetSoftware = ({ operations }: Intermediary): void => {
  for (const { id } of operations.software()) operations.removeSoftware(id);
};

const LOOK_UP_LIMIT = Seconds(10);

/** Which of this machine's addresses a packet to the device would bear. Nothing is sent. */
const addressTowards = ({ host, securePort }: DirectUpdate, clock: Clock): Promise<string> =>
  withDeadline(clock, LOOK_UP_LIMIT, 'The look-up of the device', new AbortController().signal, async () => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    try {
      socket.connect(securePort, host);
      await once(socket, 'connect');
      return socket.address().address;
    } finally {
      socket.close();
    }
  });
