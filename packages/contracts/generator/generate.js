// @ts-check
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { emitContractFiles, emitContracts, emitSchema } from './emit-tables.js';
import { emitTypes } from './emit-types.js';
import { readSchema, settle } from './read-schema.js';
import { readWsdl } from './read-wsdl.js';

/** @import { Model } from './schema-model.js' */

const CONTRACTS = new URL('../../../wsdl/', import.meta.url);
const GENERATED = new URL('../src/generated/', import.meta.url);

/**
 * Generates everything from contract files.
 *
 * @param {Map<string, string>} files   text by file name
 * @returns {Map<string, string>}       generated text by file name
 */
export const generate = (files) => {
  /** @type {Model} */
  const model = { modules: new Map(), types: new Map(), elements: new Map() };
  const load = (/** @type {string} */ name) => {
    const text = files.get(name);
    if (text === undefined) throw new Error(`${name}: no such contract file`);
    return text;
  };
  const contracts = [...files.keys()]
    .filter((name) => name.endsWith('.wsdl'))
    .sort()
    .map((name) =>
      readWsdl(name, load(name), ({ schemas }) => {
        for (const schema of schemas) readSchema(model, schema, load);
        return model;
      }),
    );
  settle(model);
  const modules = [...model.modules.keys()].sort();
  return new Map([
    ...modules.map(
      (module) => /** @type {const} */ ([`${module}.ts`, header(`${module}.xsd`) + emitTypes(model, module)]),
    ),
    ['schema.ts', header('*.xsd') + emitSchema(model)],
    ['contracts.ts', header('*.wsdl') + emitContracts(model, contracts)],
    ['contract-files.ts', header('*') + emitContractFiles(files)],
  ]);
};

/**
 * @param {string} source
 */
const header = (source) => `// Generated from wsdl/${source}; do not edit. Run \`npm run generate\`.\n`;

/** The contract files of this checkout, by name, in order of name. */
export const contractFiles = () =>
  new Map(
    readdirSync(CONTRACTS)
      .filter((name) => /\.(wsdl|xsd)$/.test(name))
      .sort()
      .map((name) => [name, readFileSync(new URL(name, CONTRACTS), 'utf8')]),
  );

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(GENERATED, { recursive: true });
  for (const [name, text] of generate(contractFiles())) writeFileSync(new URL(name, GENERATED), text);
}
