import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A file of the page, as it is served. */
export interface StaticFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** As they lie in the package: no build makes them. */
const FOLDER = new URL('../../panel-page/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** The pages: of all devices, and of one. */
export const DEVICES_PAGE = 'devices.html';
export const DEVICE_PAGE = 'device.html';

/** What the pages ask for, by name below `/assets/`. */
const ASSETS = ['style.css', 'devices.js', 'device.js', 'drawing.js', 'icon.svg'];

/** Reads the files of the page once. */
export const readStaticFiles = async (): Promise<ReadonlyMap<string, StaticFile>> => {
  const names = [DEVICES_PAGE, DEVICE_PAGE, ...ASSETS];
  const files = await Promise.all(names.map((name) => readFile(fileURLToPath(new URL(name, FOLDER)))));
  return new Map(
    names.map((name, at): [string, StaticFile] => [
      name,
      { contentType: TYPES[name.split('.').at(-1) ?? ''] ?? '', bytes: files[at] ?? new Uint8Array() },
    ]),
  );
};
