import { Command, Option } from 'commander';
import { COMPONENT_FORM, parseComponent } from '../component-option.ts';
import { print } from '../output/print.ts';
import { measureImage } from '../software-files.ts';

interface ManufactureCommandOptions {
  readonly dataDir: string;
  readonly profile: string;
  readonly component: readonly string[];
  readonly passwordList?: string;
  readonly json?: boolean;
}

/**
 * `postern device manufacture`: makes an emulated device with the software it leaves the factory with, so that
 * `postern device` can switch it on. Never touches a device that is there already (`device-exists`).
 */
export const manufactureCommand = (): Command =>
  new Command('manufacture')
    .description('make an emulated device, with its first software, for `postern device` to run')
    .argument('<id>', 'name of the device')
    .requiredOption('--data-dir <dir>', "`dataDir` of the devices' configuration")
    .requiredOption(
      `--component ${COMPONENT_FORM}`,
      'what it leaves the factory with: component, version, release counter and image file (repeatable)',
    )
    .addOption(
      new Option('--profile <name|file>', 'kind of device: a profile of the package, or a file').default(
        'mfp',
      ),
    )
    .option('--password-list <file>', 'a list of `postern passwords generate`, carried to the device')
    .option('--json', 'print JSON')
    .action(async (id: string, options: ManufactureCommandOptions) => {
      const { deviceDirectory, manufactureDevice, profileNamed } = await import('@postern/device-emulator');
      const { parseIdentity } = await import('@postern/core');
      const { name } = parseIdentity(`urn:postern:device:${id}`);
      const components = options.component.map(parseComponent);
      for (const { file } of components) await measureImage(file);
      const directory = deviceDirectory(options.dataDir, name);
      await manufactureDevice({
        directory,
        profile: profileNamed(options.profile),
        software: components.map(({ file, ...component }) => ({ ...component, content: { file } })),
        ...(options.passwordList === undefined
          ? {}
          : { passwordList: { deviceId: name, file: options.passwordList } }),
      });
      const versions = components.map((component) => `${component.name} ${component.version}`).join(', ');
      print(options, { id, directory }, [`Device ${id} in ${directory}, with ${versions}`]);
    });
