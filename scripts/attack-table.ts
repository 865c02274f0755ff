/**
 * Writes docs/attack-table.md and the data beside it: what every real package manager makes of each archive of the attack
 * set, without and with the guard. `pnpm attack-table [--again] [MANAGER…]`; needs the built guards (`node
 * scripts/build.mjs --bundle-only`), and takes the better part of an hour where everything is measured.
 *
 * What the data says of the same archive and the same version is not measured once more unless `--again` says so. What was
 * seen on the way is kept in `.cache`, so that an interrupted run goes on where it was.
 */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { viewOf } from '../packages/views/src/readers/view-of.ts';
import type { NpmViewer } from '../packages/views/src/readers/view.ts';
import { guardBuild, refusedBy, type Guarded } from '../test/e2e/views/guarded.ts';
import { observe, type Observation, type Seen } from '../test/e2e/views/observe.ts';
import {
  bytesOf,
  cell,
  digestOf,
  guardedCell,
  page,
  TITLES,
  type Row,
  type Table,
} from '../test/e2e/views/table.ts';
import { attacks, type Attack } from '../test/support/attacks.ts';
import { available, versionOf, type ManagerName } from '../test/support/managers.ts';

/** Managers that are measured at the same time. */
const LANES = 2;

/** Archives of one run, after which what was seen is kept. */
const PORTION = 80;

/** What is known of one archive under one manager, and of what bytes and programs. */
interface Kept {
  readonly of: string;
  readonly date: string;
  readonly outcome: Observation['outcome'];
  readonly hangs?: true;
  readonly files?: readonly (readonly [string, Seen])[];
}

interface KeptGuarded {
  readonly of: string;
  readonly date: string;
  readonly guarded: Guarded;
}

type Store = Record<string, Kept | KeptGuarded>;

const { values, positionals } = parseArgs({
  options: { again: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const names = Object.keys(TITLES) as ManagerName[];
const unknown = positionals.filter((name) => !names.includes(name as ManagerName));
if (unknown.length > 0) {
  console.error(`usage: attack-table.ts [--again] [${names.join('|')}]…`);
  process.exit(2);
}
const wanted = names.filter(
  (name) => (positionals.length === 0 || positionals.includes(name)) && available(name).ok,
);

const root = fileURLToPath(new URL('..', import.meta.url));
const dataFile = join(root, 'docs/attack-table.json');
const cache = join(root, '.cache/attack-table');
mkdirSync(cache, { recursive: true });
const today = new Date().toISOString().slice(0, 10);
const sha256 = new Map(
  attacks.map((one) => [one.id, createHash('sha256').update(bytesOf(one)).digest('hex')]),
);

const digests = new Map(attacks.map((one) => [one.id, digestOf(bytesOf(one))]));
const before: Table = existsSync(dataFile)
  ? (JSON.parse(readFileSync(dataFile, 'utf8')) as Table)
  : { managers: {}, archives: {} };

await pMap(wanted, measure, { concurrency: LANES });
const table = merged();
writeFileSync(dataFile, `${JSON.stringify(table, null, 2)}\n`);
writeFileSync(join(root, 'docs/attack-table.md'), page(table));

async function measure(manager: ManagerName): Promise<void> {
  const store = values.again ? {} : read(manager);
  const isMissing = (one: Attack, guarded: boolean): boolean =>
    !current(store, one, { manager, guarded }) && !isTold(one, { manager, guarded });
  const keep = (): void => writeFileSync(storeFile(manager), JSON.stringify(store));
  const missing = attacks.filter((one) => isMissing(one, false));
  for (let at = 0; at < missing.length; at += PORTION) {
    const portion = missing.slice(at, at + PORTION);
    const alone = portion.filter(
      (one) => viewOf(viewerOf(manager), bytesOf(one)).outcome !== 'installs',
    );
    const together = portion.filter((one) => !alone.includes(one));
    const observed = await observe(manager, [...alone.map((one) => [one]), together]);
    for (const one of portion) {
      const seen = observed.get(one.id) ?? { outcome: 'error' };
      const of = keyOf(one, { manager, guarded: false });
      store[one.id] =
        seen.outcome === 'installs'
          ? { of, date: today, outcome: seen.outcome, files: [...seen.files] }
          : { of, date: today, ...seen };
    }
    keep();
    process.stderr.write(`${manager}: ${at + portion.length} of ${missing.length}\n`);
  }
  if (guardBuild(manager) === undefined) return;
  const open = attacks.filter((one) => isMissing(one, true));
  const outcomes = await refusedBy(manager, open);
  for (const one of open) {
    const of = keyOf(one, { manager, guarded: true });
    store[`guarded ${one.id}`] = { of, date: today, guarded: outcomes.get(one.id) ?? 'failed' };
  }
  keep();
  process.stderr.write(`${manager}: ${open.length} guarded\n`);
}

interface Cell {
  readonly manager: ManagerName;
  readonly guarded: boolean;
}

/** Of what bytes and programs an outcome is. */
function keyOf({ id }: Attack, { manager, guarded }: Cell): string {
  const { version } = versionOf(manager);
  return [sha256.get(id), version, ...(guarded ? [guardBuild(manager)] : [])].join(' ');
}

/** What was kept of these bytes and programs. */
function current(store: Store, attack: Attack, which: Cell): Kept | KeptGuarded | undefined {
  const kept = store[which.guarded ? `guarded ${attack.id}` : attack.id];
  return kept?.of === keyOf(attack, which) ? kept : undefined;
}

/** Whether the data has the outcome for this archive and version. */
function isTold({ id }: Attack, { manager, guarded }: Cell): boolean {
  if (values.again || before.managers[manager]?.version !== versionOf(manager).version)
    return false;
  const row = before.archives[id];
  return (
    row?.digest === digests.get(id) &&
    row?.[guarded ? 'guarded' : 'unguarded'][manager] !== undefined
  );
}

function viewerOf(manager: ManagerName): NpmViewer {
  if (manager.startsWith('npm-')) return 'npm';
  return manager === 'yarn-3' ? 'yarn-4' : (manager as NpmViewer);
}

function storeFile(manager: ManagerName): string {
  return join(cache, `${manager}.json`);
}

function read(manager: ManagerName): Store {
  const file = storeFile(manager);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Store) : {};
}

/** What was seen now, and what the data says of the rest. */
function merged(): Table {
  const managers = { ...before.managers };
  const rows = new Map(
    attacks.map(({ id }): [string, Row] => {
      const row = before.archives[id];
      const same = row?.digest === digests.get(id) ? row : undefined;
      const digest = digests.get(id) ?? '';
      return [id, { digest, unguarded: { ...same?.unguarded }, guarded: { ...same?.guarded } }];
    }),
  );
  for (const manager of wanted) {
    const store = read(manager);
    const dates = new Set<string>();
    for (const attack of attacks) {
      const row = rows.get(attack.id);
      const kept = current(store, attack, { manager, guarded: false }) as Kept | undefined;
      const under = current(store, attack, { manager, guarded: true }) as KeptGuarded | undefined;
      dates.add(kept?.date ?? before.managers[manager]?.date ?? today);
      if (row === undefined) continue;
      if (kept !== undefined) row.unguarded[manager] = cell(attack, observationOf(kept));
      if (under !== undefined) row.guarded[manager] = guardedCell(under.guarded, attack.level);
    }
    managers[manager] = { ...programOf(manager), date: [...dates].toSorted()[0] ?? today };
  }
  return { managers: inOrder(managers), archives: Object.fromEntries(rows) };
}

function inOrder(managers: Table['managers']): Table['managers'] {
  return Object.fromEntries(
    names.flatMap((name) => (managers[name] === undefined ? [] : [[name, managers[name]]])),
  );
}

function observationOf({ outcome, hangs, files }: Kept): Observation {
  if (outcome === 'error') return { outcome, ...(hangs && { hangs }) };
  return { outcome, files: new Map(files) };
}

function programOf(manager: ManagerName): { version: string; node?: string } {
  const { version, node } = versionOf(manager);
  if (node === undefined) return { version };
  return { version, node: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1) };
}
