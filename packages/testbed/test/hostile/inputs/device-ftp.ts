import { connect, type Socket } from 'node:net';
import { FtpCaller } from '../../support/ftp-caller.ts';
import type { HostileInput, HostileInputs } from '../hostile-input.ts';
import { type HostileSite, IDLE, OPEN } from '../hostile-site.ts';

const talk = async (
  { ftpPort }: HostileSite,
  device: string,
  conversation: (caller: FtpCaller) => Promise<string>,
): Promise<string> => {
  const caller = await FtpCaller.open(ftpPort(device));
  try {
    return await conversation(caller);
  } finally {
    caller.close();
  }
};

/** Sent before login. The last reply counts. */
const stranger = (name: string, commands: readonly (string | Buffer)[], expected: string): HostileInput => ({
  name,
  send: (site) =>
    talk(site, IDLE, async (caller) => {
      let reply = '';
      for (const command of commands) reply = await caller.say(command);
      return reply;
    }),
  expect: expected,
});

/** Sent by somebody who has the password of a job under which nothing is expected. */
const insider = (name: string, commands: readonly (string | Buffer)[], expected: string): HostileInput => ({
  name: `${name}, logged in`,
  send: (site) =>
    talk(site, OPEN, async (caller) => {
      await caller.login(site.site.name, site.password);
      let reply = '';
      for (const command of commands) reply = await caller.say(command);
      return reply;
    }),
  expect: expected,
});

const FIRST = '530 Log in first';
const WRONG = '530 Login incorrect';
const BAD_NAME = '553 File name not allowed';
const UNKNOWN = '502 Command not implemented';
const ACTIVE = '502 Active mode is refused: this server never connects out; use EPSV or PASV';

/** How many bytes come until the connection ends, in good order or not. */
const received = (socket: Socket): Promise<number> =>
  new Promise((resolve) => {
    socket.on('error', () => {});
    socket.once('close', () => resolve(socket.bytesRead));
    socket.resume();
  });

/** A data connection from another address than that of the control connection. */
const foreignDataConnection: HostileInput = {
  name: 'a data connection of somebody else',
  send: (site) =>
    talk(site, OPEN, async (caller) => {
      await caller.login(site.site.name, site.password);
      const port = Number(/\|\|\|(\d+)\|/.exec(await caller.say('EPSV'))?.[1]);
      const stolen = await received(connect({ host: '127.0.0.1', port, localAddress: '127.0.0.2' }));
      const own = received(connect({ host: '127.0.0.1', port }));
      await caller.say('RETR version-report');
      return `${stolen} bytes stolen, ${(await own) > 0 ? 'the file' : 'nothing'} sent, ${await caller.reply()}`;
    }),
  expect: '0 bytes stolen, the file sent, 226 Transfer complete',
};

const withPassword = (
  name: string,
  device: string,
  login: (site: HostileSite) => readonly [userName: string, password: string],
): HostileInput => ({
  name,
  send: (site) => talk(site, device, (caller) => caller.login(...login(site))),
  expect: WRONG,
});

/** A device's bulk path. */
export const deviceFtpInputs: HostileInputs = {
  listener: 'the FTP listener of a device',
  good: {
    send: (site) => talk(site, OPEN, (caller) => caller.login(site.site.name, site.password)),
    expect: '230 Logged in',
  },
  inputs: [
    stranger('an upload before login', ['STOR image.firmware'], FIRST),
    stranger('a data port before login', ['PASV'], FIRST),
    stranger('the address of a third party before login', ['PORT 10,0,0,1,0,22'], FIRST),
    stranger('a listing before login', ['LIST'], FIRST),
    stranger('an unknown command before login', ['HELO evil'], FIRST),
    stranger('a password without a name', ['PASS secret'], '503 USER comes first'),
    stranger('no name', ['USER'], '501 USER needs an argument'),
    stranger('a line without an end', [`USER ${'x'.repeat(10_000)}`], '500 Command line too long'),
    stranger('a NUL in a name', [Buffer.from('USER a\0b\r\n')], '501 Control characters refused'),
    stranger(
      'an escape sequence in a name',
      [Buffer.from('USER \x1b[2J\r\n')],
      '501 Control characters refused',
    ),
    stranger('a line that ends with LF alone', [Buffer.from('USER a\n')], '501 Command lines end with CR LF'),
    stranger(
      'bytes that are no UTF-8',
      [Buffer.from([0x55, 0x53, 0x45, 0x52, 0x20, 0xc3, 0x28, 0x0d, 0x0a])],
      '501 Not UTF-8',
    ),
    stranger('HTTP', ['GET / HTTP/1.1'], FIRST),
    stranger('TLS', [Buffer.from('\x16\x03\x01\x02\x00\r\n', 'latin1')], '501 Control characters refused'),
    stranger('no command', [''], '500 Not a command'),
    stranger('anonymous', ['USER anonymous', 'PASS a@b'], WRONG),
    withPassword('a wrong password', OPEN, ({ site }) => [site.name, 'guess']),
    withPassword('an empty password', OPEN, ({ site }) => [site.name, '']),
    withPassword('the right password under another name', OPEN, ({ password }) => ['site-b', password]),
    withPassword('the right password at another device', IDLE, ({ site, password }) => [site.name, password]),
    stranger(
      'three wrong passwords on one connection',
      ['USER a', 'PASS 1', 'USER a', 'PASS 2', 'USER a', 'PASS 3'],
      '421 Too many wrong logins',
    ),
    {
      name: 'a fifth connection',
      send: async (site) => {
        const callers = await Promise.all(
          Array.from({ length: 4 }, () => FtpCaller.open(site.ftpPort(IDLE))),
        );
        try {
          return await FtpCaller.greeting(site.ftpPort(IDLE));
        } finally {
          for (const caller of callers) caller.close();
        }
      },
      expect: '421 Too many sessions',
    },
    insider('the address of a third party (FTP bounce)', ['PORT 10,0,0,1,0,22'], ACTIVE),
    insider('an extended address of a third party', ['EPRT |1|10.0.0.1|22|'], ACTIVE),
    foreignDataConnection,
    insider('a name that climbs', ['EPSV', 'RETR ../nv-ram.json'], BAD_NAME),
    insider('an absolute name', ['EPSV', 'RETR /etc/passwd'], BAD_NAME),
    insider('a name with a backslash', ['EPSV', 'RETR ..\\nv-ram.json'], BAD_NAME),
    insider('a file of the device', ['EPSV', 'RETR nv-ram.json'], '550 No such file'),
    insider('the size of a file of the device', ['SIZE nv-ram.json'], '550 No such file'),
    insider('an image, to be read', ['EPSV', 'RETR image.firmware'], '550 No such file'),
    insider(
      'an upload that nobody expects',
      ['EPSV', 'STOR image.firmware'],
      '550 component-unknown: No such component is expected now',
    ),
    insider(
      'an upload of another component',
      ['EPSV', 'STOR image.bootloader'],
      '550 component-unknown: No such component is expected now',
    ),
    insider(
      'an upload over the version report',
      ['EPSV', 'STOR version-report'],
      '550 transfer-refused: Nothing can be stored here',
    ),
    insider('an upload that climbs', ['EPSV', 'STOR ../../nv-ram.json'], BAD_NAME),
    insider(
      'an upload of any file',
      ['EPSV', 'APPE authorized_keys'],
      '550 transfer-refused: Nothing can be stored here',
    ),
    insider('an upload without a data port', ['STOR image.firmware'], '425 Use EPSV or PASV first'),
    insider('another directory', ['CWD ..'], '550 There is no directory but "/"'),
    insider('a deletion', ['DELE version-report'], UNKNOWN),
    insider('a new name', ['RNFR version-report'], UNKNOWN),
    insider('a command for the system', ['SITE EXEC id'], UNKNOWN),
    insider(
      'an offset beyond all numbers',
      ['REST 99999999999999999999'],
      '501 REST takes a number of bytes',
    ),
    insider('a negative offset', ['REST -1'], '501 REST takes a number of bytes'),
    insider('another structure', ['STRU R'], '504 Only structure F'),
    insider('another login', ['USER root'], '503 Already logged in'),
    insider('a nonce that is none', ['EPSV', 'RETR version-report.xyz'], '550 No such file'),
  ],
};
