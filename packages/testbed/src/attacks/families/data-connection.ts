import { createServer } from 'node:net';
import { Seconds } from '@postern/core';
import type { Attack, AttackFamily, Finding, Scene } from '../attack.ts';
import type { BouncerReport } from '../attacker/programs/bouncer.ts';
import type { PortThiefReport } from '../attacker/programs/port-thief.ts';
import { MALWARE } from '../images.ts';
import { brief, closing, standBetween } from './scenario.ts';

/** Is at the data port of the image before the updater. */
const steal = async (scene: Scene, from: string): Promise<Finding> => {
  const { victim, attacker } = await standBetween(scene, 'port-thief', { from, image: MALWARE.content });
  const update = await victim.update();
  const { connection } = await attacker.hear<PortThiefReport>('report');
  const ended = await update.ended();
  const fell = (await victim.runs()) === MALWARE.label;
  return {
    outcome: fell ? 'succeeds' : ended === 'verified' ? 'prevented' : 'bounded',
    evidence: `the stolen connection: ${connection}; ${await closing(victim, ended)}`,
  };
};

const ADAPTER = 'Our FTP server takes data connections only from the address of the control connection';

const fromElsewhere: Attack = {
  name: 'data-port-stolen-from-elsewhere',
  power: "Reads the bulk path, and reaches the device's ports from another address than the updater's.",
  goal: 'Connects to the data port of the image before the updater does, and sends its own image.',
  expected: {
    a: {
      outcome: 'prevented',
      shown: /ECONNRESET.*runs the release/,
      why: `${ADAPTER} (the scheme itself has nothing against it: an FTP server that is less careful falls).`,
    },
    b: {
      outcome: 'prevented',
      shown: /ECONNRESET.*runs the release/,
      why: `${ADAPTER}, here too by the care of the server, not by the scheme.`,
    },
    c: {
      outcome: 'prevented',
      shown: /ECONNRESET.*runs the release/,
      why: `${ADAPTER}; whatever came would be refused at its digest all the same.`,
    },
  },
  run: (scene) => steal(scene, '127.0.0.2'),
};

const ONE_CONNECTION =
  'A data port takes one connection: when the thief has it, the updater finds none, sends no command for it and takes another port';

const fromSameAddress: Attack = {
  name: 'data-port-stolen-same-address',
  power: "Reads the bulk path, and shares the updater's address (the same host, or behind the same NAT).",
  goal: 'Connects to the data port of the image before the updater does, and sends its own image.',
  expected: {
    a: {
      outcome: 'prevented',
      shown: /ECONNRESET.*runs the release/,
      why: `${ONE_CONNECTION} (by the care of our FTP server and client, not by the scheme).`,
    },
    b: {
      outcome: 'prevented',
      shown: /ECONNRESET.*runs the release/,
      why: `${ONE_CONNECTION}, here too by the care of both ends.`,
    },
    c: {
      outcome: 'prevented',
      shown: /ECONNRESET.*runs the release/,
      why: `${ONE_CONNECTION}; whatever came would be refused at its digest all the same.`,
    },
  },
  run: (scene) => steal(scene, '127.0.0.1'),
};

const bounce: Attack = {
  name: 'ftp-bounce',
  power: 'Hears the password on the bulk path.',
  goal: 'Logs in and lets the device connect to a third host (PORT, EPRT), to reach what only the device can reach.',
  expected: {
    a: {
      outcome: 'prevented',
      shown: /login 230; PORT, EPRT, RETR: 502, 502, 425/,
      why: 'Our FTP server knows passive mode only and never connects to anybody.',
    },
    b: {
      outcome: 'prevented',
      shown: /login 230; PORT, EPRT, RETR: 502, 502, 425/,
      why: 'As with (a): by the server, not by the scheme.',
    },
    c: {
      outcome: 'prevented',
      shown: /login 230; PORT, EPRT, RETR: 502, 502, 425/,
      why: 'The FTP server of a device knows passive mode only and never connects to anybody.',
    },
  },
  run: async (scene) => {
    const bystander = await openBystander(scene);
    const at = { host: '127.0.0.1', port: bystander.port };
    const { victim, attacker } = await standBetween(scene, 'bouncer', { bystander: at });
    const update = await victim.update();
    const { login, replies } = await attacker.hear<BouncerReport>('report');
    const ended = await update.ended();
    const visits = bystander.visits();
    return {
      outcome: visits > 0 ? 'succeeds' : 'prevented',
      evidence: `login ${brief(login)}; PORT, EPRT, RETR: ${replies.map(brief).join(', ')}; the third host saw ${visits} connections; ${await closing(victim, ended)}`,
    };
  },
};

const HOST_KEPT =
  'Our FTP client goes to the host of the control connection only, whatever a reply says; the update fails as long as somebody is in its way';

/** The updater gives up no later than that. */
const DEADLINE = Seconds(2);

const redirected: Attack = {
  name: 'data-connection-redirected',
  power: 'Stands on the bulk path and changes what passes.',
  goal: 'Names a third host in the replies to PASV, so that the updater connects to what only it can reach.',
  expected: {
    a: { outcome: 'prevented', shown: /[1-9] replies named/, why: `${HOST_KEPT}.` },
    b: { outcome: 'prevented', shown: /[1-9]\d* replies named/, why: `${HOST_KEPT}.` },
    c: { outcome: 'prevented', shown: /[1-9]\d* replies named/, why: `${HOST_KEPT}.` },
  },
  run: async (scene) => {
    const host = '127.0.0.3';
    const bystander = await openBystander(scene, host);
    const knows = { bystander: { host, port: bystander.port } };
    const { victim, attacker } = await standBetween(scene, 'redirector', knows, { deadline: DEADLINE });
    const ended = await (await victim.update()).ended();
    attacker.say('tell');
    const { redirected } = await attacker.hear<{ redirected: number }>('report');
    const visits = bystander.visits();
    return {
      outcome: visits > 0 ? 'succeeds' : 'prevented',
      evidence: `${redirected} replies named the third host, which saw ${visits} connections; ${await closing(victim, ended)}`,
    };
  },
};

/** A third host that has nothing to do with it. */
const openBystander = async (
  { atEnd }: Scene,
  host = '127.0.0.1',
): Promise<{ readonly port: number; readonly visits: () => number }> => {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen({ host, port: 0 }, resolve));
  atEnd(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    visits: () => visits,
  };
};

export const dataConnectionFamily: AttackFamily = {
  name: 'data-connection',
  title: 'Data connections of FTP',
  attacks: [fromElsewhere, fromSameAddress, bounce, redirected],
};
