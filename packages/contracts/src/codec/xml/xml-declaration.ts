import { codecError, echo } from '../errors.ts';
import { malformed } from './malformed.ts';

const S = '[ \\t\\n]+';
const EQ = '[ \\t\\n]*=[ \\t\\n]*';

/** XML 1.0 §2.8 [23] to [26], §2.9 [32], §4.3.3 [80] [81]. */
const DECLARATION = new RegExp(
  `<\\?xml${S}version${EQ}(["'])(1\\.[0-9]+)\\1` +
    `(?:${S}encoding${EQ}(["'])([A-Za-z][A-Za-z0-9._-]*)\\3)?` +
    `(?:${S}standalone${EQ}(["'])(?:yes|no)\\5)?[ \\t\\n]*\\?>`,
  'y',
);

/**
 * The end of the XML declaration that may begin a document.
 *
 * @throws PosternError `xml-malformed`; `encoding-unsupported` for other versions and encodings
 */
export const xmlDeclarationEnd = (source: string): number => {
  if (!/^<\?xml[ \t\n?]/.test(source)) return 0;
  DECLARATION.lastIndex = 0;
  const match = DECLARATION.exec(source);
  if (match === null) throw malformed('The XML declaration is not valid');
  const [, , version = '', , encoding] = match;
  if (version !== '1.0') throw codecError('encoding-unsupported', '', `XML version ${echo(version)}`);
  if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) {
    throw codecError('encoding-unsupported', '', `The document declares the encoding ${echo(encoding)}`);
  }
  return DECLARATION.lastIndex;
};
