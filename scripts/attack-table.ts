/**
 * Writes docs/attack-table.md and the data beside it: the result of every real package manager for each archive of the attack
 * set, without and with the guard. `pnpm attack-table [--again] [MANAGER…]`; needs the built guards (`node
 * scripts/build.mjs --bundle-only`), and takes most of an hour if everything is measured.
 *
 * A result for the same archive and the same version is measured again only with `--again`. Results are kept in `.cache`, so that an
 * interrupted run continues.
 */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { viewOf } from '../packages/explain/src/readers/views-of.ts';
import type { NpmViewer } from '../packages/explain/src/readers/view.ts';
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

/** The known result of one archive under one manager, and the bytes and programs of this result. */
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
  attacks.map((attack) => [attack.id, createHash('sha256').update(bytesOf(attack)).digest('hex')]),
);

const digests = new Map(attacks.map((attack) => [attack.id, digestOf(bytesOf(attack))]));
const before: Table = existsSync(dataFile)
  ? (JSON.parse(readFileSync(dataFile, 'utf8')) as Table)
  : { managers: {}, archives: {} };

await pMap(wanted, measure, { concurrency: LANES });
const table = merged();
writeFileSync(dataFile, `${JSON.stringify(table, null, 2)}\n`);
writeFileSync(join(root, 'docs/attack-table.md'), page(table));

async function measure(manager: ManagerName): Promise<void> {
  const store = values.again ? {} : read(manager);
  const isMissing = (attack: Attack, guarded: boolean): boolean =>
    !current(store, attack, { manager, guarded }) && !isTold(attack, { manager, guarded });
  const keep = (): void => writeFileSync(storeFile(manager), JSON.stringify(store));
  const missing = attacks.filter((attack) => isMissing(attack, false));
  for (let at = 0; at < missing.length; at += PORTION) {
    const portion = missing.slice(at, at + PORTION);
    const alone = portion.filter(
      (attack) => viewOf(viewerOf(manager), bytesOf(attack)).outcome !== 'installs',
    );
    const together = portion.filter((attack) => !alone.includes(attack));
    const observed = await observe(manager, [...alone.map((attack) => [attack]), together]);
    for (const attack of portion) {
      const seen = observed.get(attack.id) ?? { outcome: 'error' };
      const key = keyOf(attack, { manager, guarded: false });
      store[attack.id] =
        seen.outcome === 'installs'
          ? { of: key, date: today, outcome: seen.outcome, files: [...seen.files] }
          : { of: key, date: today, ...seen };
    }
    keep();
    process.stderr.write(`${manager}: ${at + portion.length} of ${missing.length}\n`);
  }
  if (guardBuild(manager) === undefined) return;
  const open = attacks.filter((attack) => isMissing(attack, true));
  const outcomes = await refusedBy(manager, open);
  for (const attack of open) {
    const key = keyOf(attack, { manager, guarded: true });
    store[`guarded ${attack.id}`] = {
      of: key,
      date: today,
      guarded: outcomes.get(attack.id) ?? 'failed',
    };
  }
  keep();
  process.stderr.write(`${manager}: ${open.length} guarded\n`);
}

interface Cell {
  readonly manager: ManagerName;
  readonly guarded: boolean;
}

/** The bytes and programs of a result, as a text. */
function keyOf({ id }: Attack, { manager, guarded }: Cell): string {
  const { version } = versionOf(manager);
  return [sha256.get(id), version, ...(guarded ? [guardBuild(manager)] : [])].join(' ');
}

/** The kept result for these bytes and programs. */
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

/** The new results, and the earlier ones for all others. */
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
