// A device of another vendor: written against wsdl/device.wsdl and docs/implementing-a-device.md with programs that
// anybody can get (npm `soap` and `ftp-srv`, or Debian's vsftpd). It shares no code with Postern and knows no optional
// element. Each run is one power-on; it ends with status 0 in order to restart.
//
//   until node examples/vendor-device/device.js CONFIG.json; [ $? -ne 0 ]; do :; done
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { fileURLToPath } from 'node:url';
import soap from 'soap';
import { followVsftpd, serveFtp } from './bulk-path.js';
import { Firmware } from './firmware.js';
import { Password } from './password.js';

const wsdl = (name) => fileURLToPath(new URL(`../../wsdl/${name}`, import.meta.url));
const say = (event, rest = {}) => process.stdout.write(`${JSON.stringify({ event, ...rest })}\n`);

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { deviceId, model, host, intermediary } = config;
const startedAt = new Date();
const firmware = new Firmware(config.directory, config.factoryImage);
const password = new Password(config.passwordFile, config.vsftpd?.usersFile);
const tls = {
  ca: readFileSync(config.caFile),
  cert: readFileSync(config.certificateFile),
  key: readFileSync(config.keyFile),
};

/** Nodes are known by a URI in their certificates, never by an address. */
const isIntermediary = ({ subjectaltname = '' }) =>
  subjectaltname.split(', ').includes(`URI:urn:postern:intermediary:${intermediary.name}`);

// As a client `soap` reads from the WSDL which namespace an element is in; as a server it does not: what stands in
// types.xsd bears the prefix that the WSDL has for it.
const inAnswers = (value) => Object.fromEntries(Object.entries(value).map(([key, of]) => [`t:${key}`, of]));
const asTheyAre = (value) => value;

/** Where the intermediary reaches the FTP server, which may be behind something. */
const bulkPort = () => config.bulkPort ?? ftpPort;

const components = (t) => t({ item: [t({ component: 'firmware', version: firmware.version })] });
const information = (t) => ({
  deviceId,
  model,
  components: components(t),
  bulkPathKind: 'ftp',
  securePath: t({ host, port: secure.address().port }),
  bulkPath: t({ host, port: bulkPort() }),
});

/** What a device must offer to be updated, an end without a secret, and two things that a fleet's owner likes to ask. */
const offered = {
  StoreOneTimePassword: ({ userName, oneTimePassword, jobId }) => {
    password.store(userName, oneTimePassword, jobId);
    return { jobId, bulkPath: inAnswers({ host, port: bulkPort() }) };
  },
  InvalidateOneTimePassword: ({ userName, jobId }) => ({ jobId, invalidated: password.end(userName, jobId) }),
  GetDeviceInformation: () => ({ device: information(inAnswers) }),
  GetCounters: () => ({
    counters: inAnswers({ item: [inAnswers({ name: 'total-pages', value: config.totalPages })] }),
  }),
  ConfirmAlive: () => ({ startedAt: startedAt.toISOString(), state: 'ready' }),
};

/** The `soap` server leaves a caller without an answer where a handler is missing. */
const refusal = (operation) => () => {
  throw {
    Fault: {
      faultcode: 'soap:Client',
      faultstring: `${operation} is not offered by this device`,
      detail: {
        Failure: {
          attributes: { xmlns: 'urn:postern:types:1' },
          code: 'not-offered',
          message: `${operation} is not offered by this device`,
        },
      },
      statusCode: 500,
    },
  };
};

/** The intermediary, as whoever has only its WSDL calls it. */
const calling = async (url) => {
  const client = await soap.createClientAsync(wsdl('intermediary.wsdl'), { endpoint: url });
  const checkServerIdentity = (_host, certificate) =>
    isIntermediary(certificate) ? undefined : new Error('That is not our intermediary');
  if (url.startsWith('https:')) {
    client.setSecurity(new soap.ClientSSLSecurity(tls.key, tls.cert, tls.ca, { checkServerIdentity }));
  }
  return client;
};

/** @returns whether the site has adopted us; until then nobody waits for a start notification */
const announce = async () => {
  const [{ active }] = await (await calling(intermediary.secureUrl)).RegisterAsync({
    device: information(asTheyAre),
  });
  if (!active) return 'registered';
  const notice = { deviceId, program: 'firmware', components: components(asTheyAre) };
  await (await calling(intermediary.noticeUrl)).NotifyStartAsync(notice);
  return 'started';
};

const announceUntilHeard = async () => {
  for (;;) {
    try {
      return say(await announce(), { version: firmware.version });
    } catch (error) {
      say('not-heard', { reason: error.message });
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
};

/** An image has come in whole: it becomes the firmware, and the device restarts with it. */
const install = () => {
  if (!firmware.install()) return say('image-refused');
  say('restarting', { version: firmware.version });
  setTimeout(() => process.exit(0), 100);
};

const secure = createServer({ ...tls, requestCert: true, rejectUnauthorized: true });
const described = (await soap.createClientAsync(wsdl('device.wsdl'))).describe();
const handlers = Object.fromEntries(
  Object.keys(described.DeviceService.DeviceSoap11Port).map((operation) => [
    operation,
    offered[operation] ?? refusal(operation),
  ]),
);
const service = await new Promise((resolve, reject) => {
  soap.listen(secure, {
    path: '/device',
    services: { DeviceService: { DeviceSoap11Port: handlers, DeviceSoap12Port: handlers } },
    xml: readFileSync(wsdl('device.wsdl'), 'utf8'),
    uri: wsdl('device.wsdl'),
    suppressStack: true,
    callback: (error, ready) => (error ? reject(error) : resolve(ready)),
  });
});
service.authorizeConnection = ({ socket }, response) => {
  const allowed = isIntermediary(socket.getPeerCertificate());
  if (!allowed) response.statusCode = 403;
  return allowed;
};
await new Promise((resolve) => secure.listen(config.securePort, host, resolve));
const ftpPort = await (config.vsftpd === undefined
  ? serveFtp({ host, port: config.ftpPort, root: firmware.folder, password, onUploaded: install })
  : followVsftpd({ ...config.vsftpd, onUploaded: install }));
say('listening', { securePort: secure.address().port, ftpPort });
await announceUntilHeard();
