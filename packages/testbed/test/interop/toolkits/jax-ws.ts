import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { driverPath } from './scripted-toolkits.ts';
import { run, runDriver, type Toolkit } from './toolkit.ts';

/** What JAX-WS RI of Debian's libjaxws-java is made of. */
export const LIBRARIES = [
  ...['FastInfoset', 'gmbal', 'istack-commons-runtime', 'javax.activation', 'jaxb-api', 'jaxb-core'],
  ...['jaxb-runtime', 'jaxws-api', 'jaxws-rt', 'jws-api', 'metro-policy', 'mimepull', 'saaj-impl', 'stax-ex'],
  ...['streambuffer', 'txw2'],
].map((name) => `/usr/share/java/${name}.jar`);

/** Programs of a second need no optimising compiler: that halves what they take. */
export const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

const CONTRACTS = ['Device', 'Intermediary', 'Uplink', 'Operator'];

const contractFile = (name: string): string =>
  fileURLToPath(new URL(`../../../../../wsdl/${name.toLowerCase()}.wsdl`, import.meta.url));

/** Java's JAX-WS: wsimport makes classes of the contracts as they are, in its default style. */
export const jaxWs = (): Toolkit => {
  let classes = '';
  const classPath = (): string => [...LIBRARIES, classes].join(':');
  return {
    name: 'jax-ws',
    prepare: async (directory) => {
      classes = join(directory, 'classes');
      const sources = join(directory, 'sources');
      await Promise.all([mkdir(classes), mkdir(sources)]);
      for (const name of CONTRACTS) {
        await run('wsimport', ['-quiet', '-Xnocompile', '-s', sources, contractFile(name)]);
      }
      const made = (await readdir(sources, { recursive: true })).filter((name) => name.endsWith('.java'));
      const files = [...made.map((name) => join(sources, name)), driverPath('JaxWsCalls.java')];
      const compiler = JVM.map((flag) => `-J${flag}`);
      await run('javac', [...compiler, '-nowarn', '-cp', classPath(), '-d', classes, ...files]);
    },
    run: ({ contract, url, version, tls, basic, bearer, calls }) => {
      const name = CONTRACTS.find((each) => each.toLowerCase() === contract.name) ?? '';
      const portType = `postern.${contract.name}._1.service.${name}PortType`;
      const port = `${name}Soap${version === '1.1' ? '11' : '12'}Port`;
      const { ca, cert = '-', key = '-' } = tls;
      const { user = '-', passwordFile = '-' } = basic ?? {};
      const lines = calls.map(({ operation, requestXml }) => `${operation}\t${toBase64(requestXml)}\n`);
      return runDriver(
        'java',
        [
          ...[...JVM, '-cp', classPath(), 'JaxWsCalls'],
          ...[contractFile(name), portType, `${name}Service`, port, url],
          ...[ca, cert, key, user, passwordFile, bearer?.tokenFile ?? '-'],
        ],
        lines.join(''),
      );
    },
  };
};

const toBase64 = (text: string): string => Buffer.from(text).toString('base64');
