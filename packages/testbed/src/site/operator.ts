import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  type Clock,
  Days,
  type Duration,
  errorCode,
  Instant,
  Milliseconds,
  Seconds,
  sleep,
  withDeadline,
} from '@postern/core';
import {
  createOperatorClient,
  type OperatorClient,
  type SoftwareView,
  type StepView,
  type UpdateView,
} from '@postern/management-server/client';
import {
  type ManifestComponent,
  type Signer,
  signManifest,
  vendorSignerFromPem,
} from '@postern/software-update';
import { testbedError } from '../errors.ts';
import type { Endpoint } from '../tcp/listener.ts';
import type { SiteFiles } from './site-files.ts';

/** One image of a release. */
export interface ReleaseImage {
  readonly version: string;
  readonly releaseCounter: number;
  readonly content: Uint8Array;
  readonly component?: string;
  /** Overrides of what the manifest says of the image: for manifests that lie. */
  readonly claims?: Partial<ManifestComponent>;
}

/** A release to bring to the server or the site; what is left out fits the emulated MFP. */
export interface Release extends ReleaseImage {
  readonly model?: string;
  readonly validFor?: Duration;
  /** Further components that are installed with the first, or not at all. */
  readonly also?: readonly ReleaseImage[];
}

/** How long anything that a test waits for may take. */
const PATIENCE: Duration = Seconds(60);
const POLL_PAUSE: Duration = Milliseconds(10);

/** How long the operator waits for anything, and how often he looks. */
export interface OperatorPace {
  readonly patience: Duration;
  readonly pause: Duration;
}

/** What an order wants otherwise than the site's configuration. */
export type UpdatePolicy = UpdateView['policy'];

/** The images of a release, and what its manifest says of them. */
export const imagesOf = (release: Release) =>
  [release, ...(release.also ?? [])].map((image) => {
    const { version, releaseCounter, content, component: name = 'firmware', claims } = image;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const { length } = content;
    const described: ManifestComponent = { name, version, releaseCounter, length, sha256, ...claims };
    return { sha256, length, content, described };
  });

const unlessUnknown = (error: unknown): undefined => {
  if (errorCode(error, '') === 'update-unknown') return undefined;
  throw error;
};

/** What a person at the management server does, for tests and the demo. */
export class Operator {
  readonly client: OperatorClient;
  readonly #clock: Clock;
  readonly #signers: () => Promise<readonly Signer[]>;
  readonly #story: () => string;
  readonly #pace: OperatorPace;

  /**
   * @param signers the vendor's keys
   * @param story what an expectation that fails tells with it
   */
  constructor(
    clock: Clock,
    signers: () => Promise<readonly Signer[]>,
    client: OperatorClient,
    story: () => string = () => '',
    pace: OperatorPace = { patience: PATIENCE, pause: POLL_PAUSE },
  ) {
    this.#clock = clock;
    this.#signers = signers;
    this.client = client;
    this.#story = story;
    this.#pace = pace;
  }

  static async connect(
    clock: Clock,
    files: SiteFiles,
    { host, port }: Endpoint,
    tokenFile: string,
    story?: () => string,
    patience: Duration = PATIENCE,
  ): Promise<Operator> {
    const client = createOperatorClient({
      url: `https://${host}:${port}`,
      token: (await readFile(tokenFile, 'utf8')).trim(),
      trust: { caPem: await readFile(files.caFile, 'utf8') },
    });
    const signers = async (): Promise<readonly Signer[]> => {
      const keys = await Promise.all(files.vendorPrivateKeyFiles.map((file) => readFile(file, 'utf8')));
      return keys.map(vendorSignerFromPem);
    };
    return new Operator(clock, signers, client, story, { patience, pause: POLL_PAUSE });
  }

  /** Signs a release with the site's vendor key and registers it. */
  async register(release: Release): Promise<SoftwareView> {
    for (const { sha256, length, content } of imagesOf(release)) {
      await this.client.putImage(sha256, length, Readable.from([content]));
    }
    return this.client.registerSoftware(await this.sign(release));
  }

  /** The signed manifest of a release. */
  async sign(release: Release): Promise<Uint8Array> {
    const { model = 'Postern MFP-100', validFor = Days(30) } = release;
    const expires = Instant(this.#clock.now() + validFor);
    const components = imagesOf(release).map(({ described }) => described);
    return signManifest(
      { format: 1, software: 'test-firmware', model, expires, components },
      await this.#signers(),
    );
  }

  order(
    deviceId: string,
    software: Pick<SoftwareView, 'id'>,
    deadline: Duration = Seconds(120),
    policy?: UpdatePolicy,
  ): Promise<UpdateView> {
    return this.client.orderUpdate({
      deviceId,
      software: software.id,
      deadlineSeconds: Math.ceil(deadline / 1_000),
      ...(policy === undefined ? {} : { policy }),
    });
  }

  /** Waits until the server knows all these devices. */
  async devicesKnown(ids: readonly string[], signal?: AbortSignal): Promise<void> {
    await this.until(
      'the devices are known',
      async () => {
        const known = new Set((await this.client.listDevices()).map(({ id }) => id));
        return ids.every((id) => known.has(id));
      },
      signal,
    );
  }

  /** Waits for the update's end. */
  async finished(id: string, limit?: Duration): Promise<UpdateView> {
    await this.until(
      `update ${id} has finished`,
      async () => (await this.client.update(id)).finishedAt !== null,
      undefined,
      limit,
    );
    return this.client.update(id);
  }

  /** Waits until the server has the result of an update that was ordered at the site. */
  async delivered(id: string): Promise<UpdateView> {
    const find = () => this.client.update(id).catch(unlessUnknown);
    await this.until(`the result of update ${id} is delivered`, async () => (await find()) !== undefined);
    return this.client.update(id);
  }

  /** Waits until the journal of the update, as the server has it, holds the step with the outcome. */
  async step(id: string, step: string, outcome: StepView['outcome'] = 'done'): Promise<void> {
    await this.until(`step ${step} of update ${id} is ${outcome}`, async () =>
      (await this.client.journal(id)).some((line) => line.step === step && line.outcome === outcome),
    );
  }

  /** Asks again and again until the answer is yes. */
  async until(
    what: string,
    question: () => boolean | Promise<boolean>,
    signal?: AbortSignal,
    limit: Duration = this.#pace.patience,
  ): Promise<void> {
    try {
      await withDeadline(this.#clock, limit, `Waiting until ${what}`, signal, async (limited) => {
        while (!(await question())) await sleep(this.#clock, this.#pace.pause, limited);
      });
    } catch (cause) {
      const story = this.#story();
      const told = story === '' ? '' : `; what came:\n${story}`;
      throw testbedError('expectation-unmet', `It did not happen that ${what}${told}`, cause);
    }
  }
}
