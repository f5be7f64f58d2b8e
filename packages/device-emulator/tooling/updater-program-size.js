// Prints what the compact updater program consists of: `node updater-program-size.js [--json]`, after a build.
// Own modules are found by following the built files' static and dynamic imports; third-party ones by loading the packages
// that those import in a process of its own and asking what came in.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = fileURLToPath(new URL('../..', import.meta.url));
const ENTRY = join(PACKAGES, 'device-emulator/dist/updater-program/main.js');

/** What must never be among the modules of a program that is to be small: TLS, XML, HTTP, SSH, databases. */
const UNWANTED = /tls|xml|sax|undici|https|http2|ssh2|basic-ftp|sqlite|soap-rpc|contracts|\/pki\//i;

const builtFile = (specifier) => {
  const [, name, rest] = /^@postern\/([^/]+)(\/.*)?$/.exec(specifier);
  const root = join(PACKAGES, name);
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, exports[`.${rest ?? ''}`].default);
};

const walk = (file, graph) => {
  if (graph.own.has(file)) return graph;
  const source = readFileSync(file, 'utf8');
  graph.own.set(file, Buffer.byteLength(source));
  const statements = source.matchAll(/^(?:import|export)\b[^;]*?from ['"]([^'"]+)['"]/gm);
  const bare = source.matchAll(/^import ['"]([^'"]+)['"]/gm);
  const dynamic = source.matchAll(/\bimport\(['"]([^'"]+)['"]\)/g);
  for (const [, from] of [...statements, ...bare, ...dynamic]) {
    if (from.startsWith('.')) walk(resolve(dirname(file), from), graph);
    else if (from.startsWith('@postern/')) walk(builtFile(from), graph);
    else graph.foreign.add(from);
  }
  return graph;
};

/** Loads the packages alone; says which files that took, and which of Node's own modules are loaded then. */
const load = (names) => {
  const script = `
    for (const name of ${JSON.stringify(names)}) await import(name);
    const { createRequire } = await import('node:module');
    console.log(JSON.stringify({
      files: Object.keys(createRequire(import.meta.url).cache),
      native: process.moduleLoadList.filter((name) => name.startsWith('NativeModule ') && !name.includes('internal/')),
    }));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(PACKAGES, 'core'),
    encoding: 'utf8',
  });
  return JSON.parse(output);
};

const sum = (sizes) => sizes.reduce((total, { bytes }) => total + bytes, 0);

const measure = () => {
  const { own, foreign } = walk(ENTRY, { own: new Map(), foreign: new Set() });
  const packages = [...foreign].filter((name) => !name.startsWith('node:')).sort();
  const { files, native } = load([...foreign].sort());
  const listed = (paths) =>
    paths.map(({ path, bytes }) => ({ module: relative(join(PACKAGES, '..'), path), bytes }));
  const ownModules = listed([...own].map(([path, bytes]) => ({ path, bytes })));
  const thirdParty = listed(files.map((path) => ({ path, bytes: readFileSync(path).length })));
  const node = [...foreign].filter((name) => name.startsWith('node:')).sort();
  const nativeNames = native.map((name) => name.slice('NativeModule '.length));
  return {
    own: { modules: ownModules.length, bytes: sum(ownModules) },
    thirdParty: { modules: thirdParty.length, bytes: sum(thirdParty), packages },
    node,
    unwanted: [...ownModules, ...thirdParty]
      .map(({ module }) => module)
      .concat(nativeNames)
      .filter((name) => UNWANTED.test(name)),
    modules: [...ownModules, ...thirdParty].sort((a, b) => b.bytes - a.bytes),
  };
};

const result = measure();
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  for (const { module, bytes } of result.modules)
    process.stdout.write(`${String(bytes).padStart(8)}  ${module}\n`);
  const { own, thirdParty, node } = result;
  process.stdout.write(
    [
      '',
      `own:         ${own.modules} modules, ${own.bytes} bytes`,
      `third party: ${thirdParty.modules} modules, ${thirdParty.bytes} bytes (${thirdParty.packages.join(', ')})`,
      `of Node:     ${node.join(', ')}`,
      `unwanted:    ${result.unwanted.join(', ') || 'nothing'}`,
      '',
    ].join('\n'),
  );
}
process.exitCode = result.unwanted.length === 0 ? 0 : 1;
