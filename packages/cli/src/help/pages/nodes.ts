import type { Manuals } from '../manual.ts';

const SETTINGS = [
  ['POSTERN_KEY__PATH', 'a key of the configuration: POSTERN_UPLINK__PORT=8443 is uplink.port'],
  ['POSTERN_LOG_LEVEL', 'as --log-level'],
] as const;

const RUNNING = [
  ['0', 'ended in order, after SIGINT or SIGTERM'],
  ['1', 'could not start, or failed; standard error says why, and what to do next'],
  ['2', 'used wrongly'],
] as const;

/** The demo and what runs until it is interrupted. */
export const nodePages: Manuals = {
  demo: {
    examples: [
      ['postern demo', 'all sites of Fig 1, one real update; stays up until Ctrl-C'],
      ['postern demo --once --json', 'for scripts: ends after the update, one JSON event a line'],
      [
        'postern demo --sites a --devices 20 --image firmware.bin',
        'one site, 20 printers, an image of yours',
      ],
    ],
    exitCodes: [
      ['0', 'the update was verified, or the demo was ended by a signal'],
      ['1', 'the update failed'],
      ['2', 'used wrongly'],
    ],
    files: [['.postern/', 'state of the demo, unless --state names another directory']],
    seeAlso: ['update order', 'docs/architecture.md'],
  },
  firewall: {
    examples: [
      [
        'postern firewall --inside 10.0.0.1:8443 --to server.example:8443',
        'a gateway between the LAN and the server',
      ],
    ],
    exitCodes: RUNNING,
    seeAlso: ['intermediary', 'docs/adr/0028-containers-and-namespaces.md'],
  },
  completion: {
    examples: [
      ['postern completion bash', 'in ~/.bashrc: source <(postern completion bash)'],
      ['postern completion zsh', 'in a directory of $fpath, as _postern'],
      ['postern completion fish', 'as ~/.config/fish/completions/postern.fish'],
    ],
  },
  doctor: {
    examples: [
      ['postern doctor', 'this machine: Node, native module'],
      [
        'postern doctor --server --config server.yaml',
        'and data directory, disk, certificates, vendor keys, mail, ports of a server',
      ],
      [
        'postern doctor --intermediary --config intermediary.yaml --json',
        'and the way to the server, its name, the clock',
      ],
      [
        'postern doctor --device --config devices.yaml',
        'emulated devices, and the way to their intermediary; or the one that is built in, and its way to the server',
      ],
    ],
    exitCodes: [
      ['0', 'nothing fails; there may be warnings'],
      ['1', 'something fails'],
      ['2', 'used wrongly'],
    ],
    environment: SETTINGS.slice(0, 1),
    seeAlso: ['server', 'intermediary', 'device', 'docs/operations.md'],
  },
  server: {
    examples: [
      ['postern server --config server.yaml', 'runs until it is interrupted'],
      ['postern server --config server.yaml --set uplink.port=9443', 'with another port than the file says'],
      [
        'postern server --config server.yaml --updater updater.yaml',
        'updates devices itself that it can reach',
      ],
    ],
    exitCodes: RUNNING,
    environment: SETTINGS,
    files: [
      ['dataDir/operator.token', 'the token that operators show; made at the first start'],
      ['dataDir/time.pub', 'time key that devices without a clock pin'],
    ],
    seeAlso: ['doctor', 'pki issue', 'docs/operations.md'],
  },
  intermediary: {
    examples: [
      ['postern intermediary --config intermediary.yaml', 'runs until it is interrupted'],
      ['postern intermediary --config intermediary.yaml --log-level debug', 'and says more of what it does'],
    ],
    exitCodes: RUNNING,
    environment: SETTINGS,
    files: [['dataDir/operation.sock', 'operation port: what `postern site` talks to']],
    seeAlso: ['doctor', 'site status', 'docs/operations.md'],
  },
  device: {
    examples: [
      ['postern device --config devices.yaml', 'runs the devices of the configuration'],
      [
        'postern device --config fleet.yaml --count 500 --pki pki',
        'a fleet of 500, made first where they are missing',
      ],
      [
        'postern device --config devices.yaml --interactive --json',
        'with panels: commands on standard input',
      ],
      [
        'postern device --config devices.yaml --fault slowReceive=1024',
        'with something wrong at every device',
      ],
    ],
    exitCodes: RUNNING,
    environment: SETTINGS,
    files: [['dataDir/NAME/', 'slots, NV-RAM and settings of one device']],
    seeAlso: ['device manufacture', 'doctor', 'docs/operations.md'],
  },
  'device manufacture': {
    examples: [
      [
        'postern device manufacture printer-1 --data-dir data/devices --component firmware:1.0.0:1:factory.img',
        'a printer with its first firmware',
      ],
    ],
    seeAlso: ['device', 'passwords generate'],
  },
};
