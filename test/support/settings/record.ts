/** The settings on record: which client knows which, and what is said of each. */
import { readFileSync } from 'node:fs';
import { versionOf } from '../managers.ts';
import { clients, settingsOf, type Client } from './clients.ts';
import { npmSettings } from './npm.ts';
import { pnpmSettings } from './pnpm.ts';
import { namesOf, type Manager, type Row } from './row.ts';
import { yarnSettings } from './yarn.ts';

export const managers: readonly Manager[] = ['npm', 'pnpm', 'yarn'];

export const rowsOf: Readonly<Record<Manager, readonly Row[]>> = {
  npm: npmSettings,
  pnpm: pnpmSettings,
  yarn: yarnSettings,
};

/** Majors that know a setting, as `10 11 12`, by manager and name; and the versions that were asked. */
export interface Known {
  readonly versions: Readonly<Record<Client, string>>;
  readonly settings: Readonly<Record<Manager, Readonly<Record<string, string>>>>;
}

/** Written by `pnpm settings`, held against the clients by `test/e2e/settings.test.ts`. */
export const knownFile: URL = new URL('known.json', import.meta.url);

export function readKnown(): Known {
  return JSON.parse(readFileSync(knownFile, 'utf8')) as Known;
}

/** Asks every pinned client. */
export async function askClients(): Promise<Known> {
  const settings: Record<Manager, Record<string, string[]>> = { npm: {}, pnpm: {}, yarn: {} };
  for (const client of clients) {
    const [manager, major] = client.split('-') as [Manager, string];
    for (const name of await settingsOf(client)) (settings[manager][name] ??= []).push(major);
  }
  const sorted = (of: Record<string, string[]>): [string, string][] =>
    Object.keys(of)
      .toSorted()
      .map((name) => [name, (of[name] ?? []).join(' ')]);
  return {
    versions: Object.fromEntries(
      clients.map((client) => [client, versionOf(client).version]),
    ) as Known['versions'],
    settings: {
      npm: Object.fromEntries(sorted(settings.npm)),
      pnpm: Object.fromEntries(sorted(settings.pnpm)),
      yarn: Object.fromEntries(sorted(settings.yarn)),
    },
  };
}

/** What is wrong with the rows of a manager, one line each. */
export function gapsOf(manager: Manager, known: Known): string[] {
  const names = rowsOf[manager].flatMap(namesOf);
  const listed = new Set(names);
  const clientNames = Object.keys(known.settings[manager]);
  return [
    ...clientNames
      .filter((name) => !listed.has(name))
      .map(
        (name) => `new setting ${name} of ${manager} ${known.settings[manager][name]}: classify it`,
      ),
    ...names
      .filter((name) => known.settings[manager][name] === undefined)
      .map((name) => `${name} is a setting of no ${manager}: take it off`),
    ...names
      .filter((name, at) => names.indexOf(name) !== at)
      .map((name) => `${name} is listed twice for ${manager}`),
    ...rowsOf[manager].flatMap((row) => [
      ...Object.keys(row.tries ?? {})
        .filter((name) => !namesOf(row).includes(name))
        .map((name) => `${name} is tried, and not of the row`),
      ...(row.class === 'harmless' || row.tries || row.test || row.page || row.open
        ? []
        : [`${row.names}: neither tried, nor tested, nor on a page, nor open`]),
    ]),
  ];
}
