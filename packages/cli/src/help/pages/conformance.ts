import type { Manuals } from '../manual.ts';

const VERDICTS = [
  ['0', 'all that is required passes'],
  ['1', 'something required fails or is not offered; the table says what to do'],
  ['2', 'used wrongly'],
] as const;

const SEE_ALSO = ['pki issue', 'docs/implementing-a-client.md', 'docs/errors.md'] as const;

/** What is for implementers of other vendors. */
export const conformancePages: Manuals = {
  'conformance device': {
    examples: [
      [
        'postern conformance device --target https://10.0.0.7:8443/device --identity pki/intermediary-site-a',
        'every check, as the intermediary site-a',
      ],
      [
        'postern conformance device --target https://10.0.0.7:8443/device --identity site-a --bulk 10.0.0.7:21',
        'of a device that does not say where its bulk path is',
      ],
      [
        'postern conformance device --target https://10.0.0.7:8443/device --identity site-a --manifest release.dsse',
        'of a device that takes no password without a signed manifest',
      ],
      [
        'postern conformance device --target https://10.0.0.7:8443/device --identity site-a --only password-erased --json',
        'one check, as JSON',
      ],
    ],
    exitCodes: VERDICTS,
    seeAlso: SEE_ALSO,
  },
  'conformance intermediary': {
    examples: [
      [
        'postern conformance intermediary --target https://10.0.0.2:8444/intermediary --identity pki/device-probe-1 --server-identity pki/server-server --listen 10.0.0.9:8443',
        'everything but updates; the intermediary polls https://10.0.0.9:8443/uplink',
      ],
      [
        'postern conformance intermediary --target https://10.0.0.2:8444/intermediary --identity probe-1 --server-identity server --listen 10.0.0.9:8443 --vendor-key test-vendor.key --patent-device probe-2',
        'updates, too, of a device with all that this suite adds and of one without',
      ],
      [
        'postern conformance intermediary --target https://10.0.0.2:8444/intermediary --identity probe-1 --server-identity server --listen 10.0.0.9:8443 --only user-call --json',
        'one check, as JSON',
      ],
    ],
    exitCodes: VERDICTS,
    seeAlso: ['pki issue', 'software keygen', 'docs/implementing-an-intermediary.md', 'docs/errors.md'],
  },
  'conformance server': {
    examples: [
      [
        'postern conformance server --target https://server.example:8443/uplink --identity pki/intermediary-conformance',
        'every check that an intermediary alone can make, as the intermediary conformance',
      ],
      [
        'postern conformance server --target https://server.example:8443/uplink --identity pki/intermediary-conformance --other-identity pki/intermediary-other --outsider pki/device-probe --operator https://server.example:8444/soap/operator --operator-token-file operator.token',
        'every check: what is ordered goes down, what is answered is seen, and nobody else has a part in it',
      ],
      [
        'postern conformance server --target https://server.example:8443/uplink --identity probe --operator https://server.example:8444/soap/operator --operator-identity pki/operator-billing --only order-answered',
        'one check, as an operator with a certificate',
      ],
      [
        'postern conformance server --target https://server.example:8443/uplink --identity probe --only doctype --json',
        'one check, as JSON',
      ],
    ],
    exitCodes: VERDICTS,
    seeAlso: SEE_ALSO,
  },
};
