import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { BUSY, type HostileSite, IDLE, OPEN } from './hostile-site.ts';

/** Everything that a site keeps and a bad input could have changed. */
export const storedState = async ({ site }: HostileSite) => {
  const { client } = site.operator;
  const { serverDataDir, intermediaryDataDir, deviceDataDir } = site.files;
  const devices = await client.listDevices();
  return {
    // Times of last contact move by themselves.
    devices: devices.map(({ lastContact, changedAt, intermediaryLastSeen, ...device }) => device),
    software: await client.listSoftware(),
    updates: await client.listUpdates(),
    serverRows: rows(join(serverDataDir, 'server.db')),
    intermediaryRows: rows(join(intermediaryDataDir, 'intermediary.db')),
    serverImages: (await readdir(join(serverDataDir, 'images'))).sort(),
    intermediaryImages: (await readdir(join(intermediaryDataDir, 'images'))).sort(),
    nvRams: await Promise.all([BUSY, OPEN, IDLE].map((id) => nvRam(join(deviceDataDir, id)))),
  };
};

/** Rows by table. Refusals are noted in `audit`: that is what it is for. */
const rows = (path: string): Readonly<Record<string, number>> => {
  const database = new Database(path, { readonly: true });
  try {
    const tables = database
      .prepare<[], { name: string }>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'audit' AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    return Object.fromEntries(
      tables.map(({ name }) => [
        name,
        database.prepare<[], { rows: number }>(`SELECT count(*) AS rows FROM "${name}"`).get()?.rows ?? 0,
      ]),
    );
  } finally {
    database.close();
  }
};

/** All of a device's NV-RAM but for the number of wrong tries, which is to be counted (X3). */
const nvRam = async (directory: string): Promise<string> => {
  const text = await readFile(join(directory, 'nv-ram.json'), 'utf8');
  return JSON.stringify((JSON.parse(text) as { content: unknown }).content, (key, value: unknown) =>
    key === 'wrongTries' ? undefined : value,
  );
};
