import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NodeIdentity, Seconds, systemClock, systemEntropy } from '@postern/core';
import { type EnrolledNode, ensureNodeIdentity, openAuthority, openNodeIdentity } from '@postern/pki';
import { type Site, startSite } from '@postern/testbed';
import { imageOf } from '../support/printer-site.ts';
import { soapAnswer } from './raw-exchange.ts';
import { callSoap, credential, elements, poll } from './soap-messages.ts';

/** What all devices run. */
export const INSTALLED = { version: '1.0.0', releaseCounter: 3, content: imageOf('1.0.0', 100) };
/** Its update waits for its bulk path, which is cut. */
export const BUSY = 'printer-busy';
/** Has a one-time password that the test knows, and nothing to expect under it. */
export const OPEN = 'printer-open';
/** Has no job. */
export const IDLE = 'printer-idle';

/** A running site, each tier a process of its own, and everybody who might call one of its listeners. */
export interface HostileSite {
  readonly site: Site;
  readonly uplinkPort: number;
  readonly restPort: number;
  readonly securePort: number;
  readonly noticePort: number;
  readonly soapPort: (device: string) => number;
  readonly ftpPort: (device: string) => number;
  readonly token: string;
  /** Who is known to the site's CA. */
  readonly callers: {
    readonly server: EnrolledNode;
    readonly intermediary: EnrolledNode;
    readonly otherIntermediary: EnrolledNode;
    readonly device: EnrolledNode;
    readonly otherDevice: EnrolledNode;
    readonly operator: EnrolledNode;
  };
  /** With the right name, of a CA that nobody trusts. */
  readonly impostors: {
    readonly intermediary: EnrolledNode;
    readonly device: EnrolledNode;
    readonly operator: EnrolledNode;
  };
  /** The open update of {@link BUSY}. */
  readonly updateId: string;
  readonly softwareId: string;
  readonly imageSha256: string;
  /** Opens the bulk path of {@link OPEN}. */
  readonly password: string;
  /** A manifest of the site's vendor. */
  readonly sign: Site['operator']['sign'];
  close(): Promise<void>;
}

/** A first failure is followed by a pause that outlasts the test: nothing changes by itself. */
const STILL = { retryPause: 600, longestPause: 600 };

export const startHostileSite = async (): Promise<HostileSite> => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-hostile-'));
  const site = await startSite({
    directory,
    processes: true,
    taps: true,
    intermediary: { policy: STILL, unprovedStarts: { burst: 3, interval: 600 } },
    devices: [BUSY, OPEN, IDLE].map((id) => ({ id, firmware: INSTALLED })),
  });
  const { operator, files, name } = site;
  await operator.devicesKnown([BUSY, OPEN, IDLE]);

  const authority = await authorityIn(join(directory, 'ca'));
  const other: NodeIdentity = { role: 'intermediary', name: 'site-b' };
  const otherIntermediary = await enrol(authority, files.identityDir(other), other);
  const strangers = await authorityIn(join(directory, 'other-ca'));
  const impostor = (role: 'intermediary' | 'device' | 'operator', of: string): Promise<EnrolledNode> =>
    enrol(strangers, join(directory, 'impostors', of), { role, name: of });
  const node = (of: string): Promise<EnrolledNode> =>
    openNodeIdentity({ directory: join(directory, 'identities', of), clock: systemClock });
  const intermediary = await node(name);
  const back: NodeIdentity = { role: 'operator', name: 'billing' };

  site.taps(BUSY).bulk.cut();
  const content = imageOf('2.0.0');
  const software = await operator.register({ version: '2.0.0', releaseCounter: 4, content });
  const update = await operator.order(BUSY, software, Seconds(3_600));
  await operator.step(update.id, 'S108', 'failed');

  const password = randomBytes(32).toString('base64url');
  const manifest = await operator.sign(INSTALLED);
  const soapPort = (device: string): number => site.taps(device).device.soap.port;
  await accepted(callSoap(soapPort(OPEN), intermediary, '/device', credential(name, password, manifest)));
  // The other intermediary is known to the server, and has no devices.
  const { uplinkPort } = site.server.ready;
  const noDevices = `<devices>${elements({ revision: 1, complete: 'true' })}</devices>`;
  await accepted(callSoap(uplinkPort, otherIntermediary, '/uplink', poll(noDevices)));

  return {
    site,
    ...site.server.ready,
    ...site.intermediary.ready,
    soapPort,
    ftpPort: (device) => site.taps(device).device.ftp.port,
    token: await operatorToken(site),
    callers: {
      server: await node('server'),
      intermediary,
      otherIntermediary,
      device: await node(IDLE),
      otherDevice: await node(OPEN),
      operator: await enrol(authority, files.identityDir(back), back),
    },
    impostors: {
      intermediary: await impostor('intermediary', name),
      device: await impostor('device', IDLE),
      operator: await impostor('operator', 'billing'),
    },
    updateId: update.id,
    softwareId: software.id,
    imageSha256: software.components[0]?.sha256 ?? '',
    password,
    sign: (release) => operator.sign(release),
    close: async () => {
      await site.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

type Authority = Awaited<ReturnType<typeof openAuthority>>;

const authorityIn = (directory: string): Promise<Authority> =>
  openAuthority({ directory, clock: systemClock, entropy: systemEntropy });

const enrol = (authority: Authority, directory: string, identity: NodeIdentity): Promise<EnrolledNode> =>
  ensureNodeIdentity({ directory, identity, clock: systemClock, authority });

const accepted = async (call: Promise<string>): Promise<void> => {
  const answer = await call;
  if (soapAnswer(answer) !== '200') throw new Error(`A good call was refused: ${answer}`);
};

const operatorToken = async (site: Site): Promise<string> =>
  (await readFile(site.server.ready.operatorTokenFile, 'utf8')).trim();
