/**
 * Writes docs/attack-table-clients.md and the data beside it: what pip, gem, Bundler and go make of each archive of the attack
 * sets of their formats, without a guard, and the first pip also under the built one. `pnpm client-attack-table [--missing]
 * [CLIENT…]`; takes a quarter of an hour, with `--missing` only for archives of which the data says nothing. A client that is not
 * on this machine keeps what the data says of it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import pMap from 'p-map';
import {
  CLIENT_FORMATS,
  type Client,
  type ClientFormat,
} from '../test/e2e/views/clients/clients.ts';
import { ordinary, SAMPLES } from '../test/e2e/views/clients/samples.ts';
import type { ClientSeen } from '../test/e2e/views/clients/world.ts';
import {
  clientCell,
  clientPage,
  COLUMNS,
  type ClientTable,
} from '../test/e2e/views/clients/table.ts';

/** Installs at the same time. */
const LANES = 2;

const docs = (name: string): string => new URL(`../docs/${name}`, import.meta.url).pathname;
const dataFile = docs('attack-table-clients.json');

const args = process.argv.slice(2);
const missingOnly = args.includes('--missing');
const wanted = args.filter((arg) => arg !== '--missing');
const unknown = wanted.filter((name) => !COLUMNS.some((column) => column.name === name));
if (unknown.length > 0) {
  console.error(
    `usage: client-attack-table.ts [--missing] [${COLUMNS.map(({ name }) => name).join('|')}]…`,
  );
  process.exit(2);
}
const chosen = COLUMNS.filter(
  ({ name, command }) => command !== undefined && (wanted.length === 0 || wanted.includes(name)),
);

const before = existsSync(dataFile)
  ? (JSON.parse(readFileSync(dataFile, 'utf8')) as ClientTable)
  : undefined;
const clients: Record<string, { version: string; date: string }> = { ...before?.clients };
const archives = Object.fromEntries(
  CLIENT_FORMATS.map((format) => [
    format,
    Object.fromEntries(
      SAMPLES[format].attacks.map(({ name }) => [name, { ...before?.archives[format]?.[name] }]),
    ),
  ]),
) as Record<ClientFormat, Record<string, Record<string, string>>>;

for (const client of chosen) {
  for (const format of client.formats) await measure(client, format);
  clients[client.name] = { version: client.version(), date: new Date().toISOString().slice(0, 10) };
  const names = COLUMNS.map(({ name }) => name).filter((name) => clients[name] !== undefined);
  const sorted = Object.fromEntries(names.map((name) => [name, clients[name]]));
  const table = { clients: sorted, archives } as ClientTable;
  writeFileSync(dataFile, `${JSON.stringify(table, null, 2)}\n`);
  writeFileSync(docs('attack-table-clients.md'), clientPage(table));
}

async function measure(client: Client, format: ClientFormat): Promise<void> {
  const isKnown = before?.clients[client.name]?.version === client.version() && missingOnly;
  const queue = SAMPLES[format].attacks.filter(
    ({ name }) => !isKnown || archives[format][name]?.[client.name] === undefined,
  );
  const count = queue.length;
  if (count === 0) return;
  const plain = new Map<string, ClientSeen['files']>();
  for (const archive of new Set(SAMPLES[format].attacks.map((attack) => ordinary(format, attack))))
    plain.set(archive.name, (await client.install(format, archive)).files);
  const fill = async (sample: (typeof queue)[number]): Promise<void> => {
    const seen = await client.install(format, sample);
    const row = archives[format][sample.name];
    const files = plain.get(ordinary(format, sample).name) ?? new Map();
    if (row !== undefined) row[client.name] = clientCell(seen, files, format);
  };
  await pMap(queue, fill, { concurrency: LANES });
  process.stderr.write(`${client.name}: ${count} of ${format}\n`);
}
