/** The X.509 library, on Node's global WebCrypto. Its decorators need reflect-metadata loaded first. */
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

export { x509 };
