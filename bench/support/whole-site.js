import { join } from 'node:path';
import { silentLogger, systemClock } from '@postern/core';
import { createFirewall } from '@postern/testbed';
import { startChild } from './children.js';
import { makeDevice } from './fleet.js';
import { startServerSite } from './server-site.js';
import { severalAtOnce } from './several-at-once.js';
import { until } from './until.js';

const HOST = '127.0.0.1';
const NAME = 'bench-site';

/** Longest wait until the server knows new devices, in milliseconds. */
const REGISTRATION_LIMIT = 60_000;

/**
 * Server, intermediary and devices as they are in production, each a process; this process is the firewall between
 * server and site.
 *
 * @param {string} directory
 * @param {{ devicesNodeOptions?: readonly string[] }} [options]
 */
export const startWholeSite = async (directory, { devicesNodeOptions = [] } = {}) => {
  const server = await startServerSite(directory, { child: {} });
  const firewall = await createFirewall({ clock: systemClock, logger: silentLogger, inside: { host: HOST } });
  const uplink = await firewall.openOutbound({ host: HOST, port: server.uplinkPort });
  const { directory: identityDir } = await server.identities.enrol('intermediary', NAME);
  const vendorKeyFiles = [server.vendorKeyFile];
  const intermediary = startChild('intermediary.js');
  const ports = await intermediary.ask('start', {
    dataDir: join(directory, 'intermediary'),
    identityDir,
    uplink: { url: `https://${uplink.host}:${uplink.port}/uplink`, serverName: 'bench-server' },
    secure: { host: HOST, port: 0 },
    notice: { host: HOST, port: 0 },
    vendorKeyFiles,
  });
  const secureUrl = `https://${HOST}:${ports.securePort}/intermediary`;
  /** @type {import('./children.js').Child[]} */
  const others = [];
  const devices = startChild('devices.js', { nodeOptions: devicesNodeOptions });
  /** @type {string[]} */
  const names = [];

  /** @param {readonly string[]} ids */
  const untilRegistered = (ids) =>
    until('all devices are registered', REGISTRATION_LIMIT, async () => {
      const known = new Set((await server.operator.listDevices()).map(({ id }) => id));
      return ids.every((id) => known.has(id));
    });

  return {
    server,
    intermediary,
    devices,
    /** Names of all devices. */
    names,
    /** Adds devices and waits until the server knows them. @param {number} count */
    addDevices: async (count) => {
      const dataDir = join(directory, `devices-${names.length}`);
      const wanted = Array.from({ length: count }, (_, index) => `device-${names.length + index}`);
      const made = await severalAtOnce(wanted, (id) => makeDevice(server.identities, dataDir, id));
      await devices.ask('start', {
        dataDir,
        devices: made,
        intermediary: {
          name: NAME,
          secureUrl,
          noticeUrl: `http://${HOST}:${ports.noticePort}/intermediary`,
        },
        vendorKeyFiles,
      });
      names.push(...wanted);
      await untilRegistered(wanted);
    },
    /**
     * Adds devices of another vendor, in a process of their own, that implement the patent's part and no more.
     *
     * @param {number} count
     */
    addPatentDevices: async (count) => {
      const dataDir = join(directory, 'patent-devices');
      const wanted = Array.from({ length: count }, (_, index) => `patent-device-${index}`);
      const made = await severalAtOnce(wanted, async (id) => {
        const { directory: identityDir } = await server.identities.enrol('device', id);
        return { id, identityDir };
      });
      const child = startChild('patent-devices.js');
      others.push(child);
      await child.ask('start', { dataDir, devices: made, intermediary: { name: NAME, secureUrl } });
      await untilRegistered(wanted);
      return { names: wanted, child };
    },
    stop: async () => {
      await Promise.all([devices, ...others].map((child) => child.stop()));
      await intermediary.stop();
      await server.stop();
      await firewall.close();
    },
  };
};
