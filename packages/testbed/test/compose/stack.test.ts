import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { slowdown } from './calm.ts';
import { COMPOSES, type Inspected, Stack } from './stack-support.ts';

const NODES = ['server', 'site', 'cellar', 'printer-1', 'vending-machine-1', 'meter-1'];
const LAN_PORTS = [7443, 2121, 9443, 9080, 9444, 8443];

const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('There is no such container');
  return value;
};

const addressIn = (network: string, { NetworkSettings }: Inspected): string =>
  present(Object.entries(NetworkSettings.Networks).find(([name]) => name.endsWith(`_${network}`)))[1]
    .IPAddress;

/** From `up`, where the images are there, until the first update is verified; on a machine that does nothing else. */
const FIRST_UPDATE_SECONDS = 60;

const [newest, ...older] = COMPOSES;

describe.each([
  { form: 'gateway', firewall: 'firewall', options: [] },
  { form: 'nftables', firewall: 'firewall-nftables', options: ['--profile', 'nftables'] },
])('the stack with the firewall of the profile $form', ({ form, firewall, options }) => {
  const stack = new Stack(present(newest), form, ...options);
  let containers: Readonly<Record<string, Inspected>> = {};
  const container = (service: string): Inspected => present(containers[service]);

  let busy = 1;
  let began = 0;

  beforeAll(() => {
    busy = slowdown();
    began = Date.now();
    stack.compose('up', '--detach', '--no-build');
    stack.ended('operator');
    busy = Math.max(busy, slowdown());
    containers = stack.containers();
  }, 400_000);
  afterAll(() => {
    stack.compose('down', '--volumes', '--timeout', '3');
  }, 60_000);

  /** @spec T1 */
  it('shows a verified update', () => {
    const { ExitCode, FinishedAt } = container('operator').State;
    const log = stack.compose('logs', '--no-color', 'operator');
    expect(log).toMatch(/S101 .*S119 .*S124 .*verified — firmware/s);
    expect(ExitCode).toBe(0);
    const seconds = (Date.parse(FinishedAt) - began) / 1_000;
    console.info(
      `${form}: verified ${seconds.toFixed(1)} s after up; programs take ${busy.toFixed(1)} times as long as alone`,
    );
    expect(seconds).toBeLessThan(FIRST_UPDATE_SECONDS * busy);
  });

  /** @spec T2 */
  it('updates a device below both intermediaries', () => {
    const words = ['run', '--rm', '--no-deps', 'operator', 'stack', 'update', '--key', '/data/vendor.key'];
    expect(stack.compose(...words, '--device', 'meter-1')).toContain('of meter-1: verified');
  }, 60_000);

  /** @spec T5 */
  it('does not let the server into the LAN, whose nodes reach each other', () => {
    const lan = ['site', 'cellar', 'printer-1', 'vending-machine-1', 'meter-1', firewall].map((service) =>
      addressIn('lan', container(service)),
    );
    const places = lan.flatMap((address) => LAN_PORTS.map((port) => `${address}:${port}`));
    expect(stack.reaches('server', places)).toEqual([]);
    expect(stack.reaches('site', places).length).toBeGreaterThanOrEqual(10);
  }, 60_000);

  /** @spec T5 */
  it('lets a node of the LAN reach the server through the firewall only', () => {
    const server = container('server');
    const places = [`${addressIn('wan', server)}:8443`, `${addressIn('operators', server)}:8444`];
    expect(stack.reaches('printer-1', places)).toEqual([]);
    expect(stack.reaches('printer-1', ['gateway:8443'])).toEqual(['gateway:8443']);
    expect(stack.reaches('server', places)).toEqual(places);
  });

  it('offers the uplink and the REST interface in one network each', () => {
    const [wan, operators] = ['wan', 'operators'].map((name) => addressIn(name, container('server')));
    const wrong = [`${wan}:8444`, `${operators}:8443`];
    expect(stack.reaches('server', wrong)).toEqual([]);
  });

  it('publishes the port of the server alone, on localhost alone', () => {
    const published = Object.entries(containers).flatMap(([service, { HostConfig }]) =>
      Object.values(HostConfig.PortBindings ?? {}).flatMap((all) =>
        all.map(({ HostIp }) => `${service} ${HostIp}`),
      ),
    );
    expect(published).toEqual(['server 127.0.0.1']);
  });

  it('gives no container more than it needs', () => {
    for (const [service, { Config, HostConfig }] of Object.entries(containers)) {
      const privileged = service === 'firewall-nftables';
      expect({ service, user: Config.User, ...HostConfig }).toMatchObject({
        service,
        user: privileged ? '0:0' : '10001:10001',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        CapAdd: privileged ? [expect.stringMatching(/NET_ADMIN$/)] : null,
        SecurityOpt: ['no-new-privileges:true'],
      });
    }
    for (const node of NODES) {
      const status = stack.node(node, "console.log(fs.readFileSync('/proc/1/status', 'utf8'))");
      expect(status).toMatch(/^Uid:\t10001\t10001/m);
      for (const set of ['CapPrm', 'CapEff', 'CapBnd'])
        expect(status).toMatch(new RegExp(`^${set}:\t0+$`, 'm'));
      const write =
        "try { fs.writeFileSync('/postern/x', ''); console.log('written') } catch (e) { console.log(e.code) }";
      expect(stack.node(node, write)).toBe('EROFS');
    }
  }, 60_000);

  it('shows no node the key of another', () => {
    const find = `console.log(JSON.stringify(fs.readdirSync('/data', { recursive: true }).filter((name) => name.endsWith('.key'))))`;
    for (const node of NODES) {
      const keys = JSON.parse(stack.node(node, find)) as readonly string[];
      expect(keys.filter((name) => !name.startsWith('state/'))).toEqual(['identity/node.key']);
      expect(container(node).Mounts.map(({ Name }) => Name)).toEqual([`${stack.project}_${node}`]);
      const mode = "console.log((fs.statSync('/data/identity/node.key').mode & 0o777).toString(8))";
      expect(stack.node(node, mode)).toBe('600');
    }
  }, 60_000);

  it('keeps identities when it is prepared again', () => {
    const digest = `console.log(require('node:crypto').createHash('sha256').update(fs.readFileSync('/data/identity/node.pem')).digest('hex'))`;
    const before = stack.node('site', digest);
    stack.compose('run', '--rm', 'setup');
    expect(stack.node('site', digest)).toBe(before);
  }, 60_000);

  it('leaves nothing behind', () => {
    stack.compose('down', '--volumes', '--timeout', '3');
    expect(stack.remains()).toBe('');
  }, 60_000);
});

for (const compose of older) {
  describe(`the stack by ${compose.command.join(' ')} ${compose.version}`, () => {
    const stack = new Stack(compose, 'older');
    afterAll(() => {
      stack.compose('down', '--volumes', '--timeout', '3');
    }, 60_000);

    /** @spec T1 */
    it('shows a verified update, and leaves nothing behind', () => {
      stack.compose('up', '--detach', '--no-build');
      stack.ended('operator');
      expect(stack.containers()['operator']?.State.ExitCode).toBe(0);
      stack.compose('down', '--volumes', '--timeout', '3');
      expect(stack.remains()).toBe('');
    }, 400_000);
  });
}
