import { join } from 'node:path';
import { silentLogger, systemClock } from '@postern/core';
import { deviceDirectory, manufactureDevice, PROFILES } from '@postern/device-emulator';
import { createFirewall } from '@postern/testbed';
import { startChild } from './children.js';
import { COMPONENT, MODEL, startServerSite } from './server-site.js';
import { until } from './until.js';

const HOST = '127.0.0.1';
const NAME = 'bench-site';

/** Of the software that devices leave the factory with, in bytes. */
const FACTORY_IMAGE_BYTES = 1_024;

/** Enrolments and manufactures under way at a time. */
const AT_ONCE = 8;

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
  const devices = startChild('devices.js', { nodeOptions: devicesNodeOptions });
  /** @type {string[]} */
  const names = [];

  /** @param {string} dataDir @param {string} id */
  const makeDevice = async (dataDir, id) => {
    const { directory: deviceIdentityDir } = await server.identities.enrol('device', id);
    await manufactureDevice({
      directory: deviceDirectory(dataDir, id),
      profile: PROFILES.mfp,
      software: [
        { name: COMPONENT, version: '1.0', releaseCounter: 1, content: Buffer.alloc(FACTORY_IMAGE_BYTES, 1) },
      ],
    });
    return { id, model: MODEL, identityDir: deviceIdentityDir };
  };

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
      /** @type {Awaited<ReturnType<typeof makeDevice>>[]} */
      const made = [];
      const waiting = wanted.values();
      const worker = async () => {
        for (const id of waiting) made.push(await makeDevice(dataDir, id));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      await devices.ask('start', {
        dataDir,
        devices: made,
        intermediary: {
          name: NAME,
          secureUrl: `https://${HOST}:${ports.securePort}/intermediary`,
          noticeUrl: `http://${HOST}:${ports.noticePort}/intermediary`,
        },
        vendorKeyFiles,
      });
      names.push(...wanted);
      await until('all devices are registered', REGISTRATION_LIMIT, async () => {
        const known = await server.operator.listDevices();
        return known.length === names.length;
      });
    },
    stop: async () => {
      await devices.stop();
      await intermediary.stop();
      await server.stop();
      await firewall.close();
    },
  };
};
