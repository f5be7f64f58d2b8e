import type { Manuals } from '../manual.ts';

/** What a vendor and a site's administrator do with keys, identities and releases; no node is asked. */
export const vendorPages: Manuals = {
  'pki init': {
    examples: [['postern pki init --ca ca', 'a development CA in ./ca']],
    seeAlso: ['pki issue', 'certs/README.md'],
  },
  'pki issue': {
    examples: [
      [
        'postern pki issue urn:postern:device:printer-1 --ca ca --out identities/printer-1',
        'a bundle for a device',
      ],
      ['postern pki issue urn:postern:intermediary:site-a --ca ca --out site-a --mail', 'its mail identity'],
    ],
    files: [['OUT/{node.pem,node.key,ca.pem}', 'certificate, private key (0600) and who issued it']],
    seeAlso: ['pki revoke', 'doctor'],
  },
  'pki revoke': {
    examples: [
      [
        'postern pki revoke identities/printer-1 --ca ca --out revoked.pem',
        'a lost device; copy revoked.pem to all nodes',
      ],
    ],
    seeAlso: ['pki crl'],
  },
  'pki crl': {
    examples: [['postern pki crl --ca ca --out revoked.pem --days 7', 'a new list before the old one ends']],
    seeAlso: ['pki revoke'],
  },
  'passwords generate': {
    examples: [
      [
        'postern passwords generate --device meter-1 --updater site-a --out meter-1.passwords',
        '100 passwords',
      ],
    ],
    seeAlso: ['device manufacture', 'docs/schemes.md'],
  },
  'software keygen': {
    examples: [['postern software keygen vendor', 'vendor.key and vendor.pub']],
    seeAlso: ['software sign', 'software rotate-keys'],
  },
  'software sign': {
    examples: [
      [
        "postern software sign --key vendor.key --software firmware --model 'Postern MFP-100' --component firmware:2.0.0:2:release.img --out release.json",
        'a release of one component, with release counter 2',
      ],
    ],
    seeAlso: ['software add', 'docs/manifest.md'],
  },
  'software rotate-keys': {
    examples: [
      [
        'postern software rotate-keys --current old.key --new new.key --sequence 1 --out rotation.json',
        'from then on new.key signs, and old.key no more',
      ],
    ],
    seeAlso: ['software trust', 'software keys'],
  },
  'software bundle': {
    examples: [
      [
        'postern software bundle --manifest release.json --image release.img --out release.tar',
        'for a recording medium',
      ],
    ],
    seeAlso: ['software import', 'update direct'],
  },
  'software import': {
    examples: [['postern software import release.tar --data-dir data/site-a', 'onto the shelf of this site']],
    seeAlso: ['site software list', 'site order'],
  },
  'update direct': {
    examples: [
      [
        'postern update direct --device printer-1 --host 192.0.2.7 --secure-port 9444 --bundle release.tar --identity tool --vendor-key vendor.pub',
        'updates one device from this machine; after an interruption the same command goes on',
      ],
    ],
    exitCodes: [
      ['0', 'verified, or the device had the software'],
      ['1', 'refused or failed'],
      ['2', 'used wrongly'],
      ['130', 'interrupted: the same command goes on'],
    ],
    files: [
      ['.postern/direct/DEVICE/', 'what it remembers of an update, unless --state names another directory'],
    ],
    seeAlso: ['software bundle'],
  },
};
