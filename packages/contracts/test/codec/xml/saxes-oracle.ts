import { tokenise, type XmlSink } from '@postern/contracts';
import { errorCode } from '@postern/core';
import { SaxesParser } from 'saxes';

/** What a document says, adjacent pieces of text joined; or the code it is refused with. */
export type Reading = readonly string[] | { readonly refused: string };

const NC_NAME_CANNOT_START = /^(?:[-.0-9\u00b7\u203f\u2040]|[\u0300-\u036f])/;

/** Events as lines. */
class Recorder implements XmlSink {
  readonly lines: string[] = [];
  #text = '';

  open(namespace: string, name: string, attributes: Parameters<XmlSink['open']>[2]): void {
    this.#flush();
    const all = attributes.map((one) => ` {${one.namespace.trim()}}${one.name}=${JSON.stringify(one.value)}`);
    this.lines.push(`<{${namespace.trim()}}${name}${all.join('')}>`);
  }

  text(text: string): void {
    this.#text += text;
  }

  close(): void {
    this.#flush();
    this.lines.push('</>');
  }

  #flush(): void {
    if (this.#text !== '') this.lines.push(JSON.stringify(this.#text));
    this.#text = '';
  }
}

/** How our tokeniser reads a document. */
export const readOurs = (document: Uint8Array | string): Reading => {
  const recorder = new Recorder();
  try {
    tokenise(document, recorder);
    return recorder.lines;
  } catch (error) {
    return { refused: errorCode(error, String(error)) };
  }
};

/** How saxes reads it, with its own namespaces; what contracts forbid is refused, names are held to be NCNames. */
export const readWithSaxes = (document: Uint8Array): Reading => {
  const recorder = new Recorder();
  const parser = new SaxesParser({ xmlns: true });
  let open = 0;
  const refuse = (reason: unknown): never => {
    throw new Error(String(reason));
  };
  const check = (local: string): void => {
    if (NC_NAME_CANNOT_START.test(local)) refuse('no NCName');
  };
  const text = (piece: string): void => {
    if (open > 0) recorder.text(piece);
  };
  parser.ENTITIES = Object.assign(Object.create(null), { amp: '&', gt: '>', lt: '<', quot: '"', apos: "'" });
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('processinginstruction', refuse);
  parser.on('xmldecl', ({ version, encoding = 'utf-8' }) => {
    if (version !== '1.0' || !/^(utf-8|us-ascii)$/i.test(encoding)) refuse('declaration');
  });
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('opentag', ({ uri, local, attributes }) => {
    open++;
    check(local);
    for (const attribute of Object.values(attributes)) check(attribute.local);
    const others = Object.values(attributes).filter(
      ({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns',
    );
    recorder.open(
      uri,
      local,
      others.map((one) => ({ namespace: one.uri, name: one.local, value: one.value })),
    );
  });
  parser.on('closetag', () => {
    open--;
    recorder.close();
  });
  try {
    parser.write(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(document)).close();
    return recorder.lines;
  } catch (error) {
    return { refused: String(error) };
  }
};
