/**
 * What each package does before it is packed (`prepack`, in the package's directory): takes the licence along, for the contracts
 * also wsdl/, and drops from dist/ what no source stands behind any more.
 */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

cpSync(join(root, 'LICENSE'), 'LICENSE');
if (process.env.npm_package_name === '@postern/contracts') {
  rmSync('wsdl', { recursive: true, force: true });
  cpSync(join(root, 'wsdl'), 'wsdl', { recursive: true });
}

if (!existsSync('dist')) throw new Error('Nothing is built here: run `npm run build` first');
for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const built = /^(.+?)(\.d)?\.[jt]s(\.map)?$/.exec(entry.name);
  if (!entry.isFile() || built === null) continue;
  const source = join('src', entry.parentPath.slice('dist'.length), `${built[1]}.ts`);
  if (!existsSync(source)) rmSync(join(entry.parentPath, entry.name));
}
