/**
 * Writes docs/attack-table.md: what every real package manager makes of each archive of the attack set, without and with
 * the guard. Needs the built guards (`node scripts/build.mjs --bundle-only`) and takes minutes:
 *
 *     node scripts/run-ts.mjs scripts/attack-table.ts [MANAGER…]
 *
 * Managers named are measured again; the others keep what the file beside the table says.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { viewOf } from '../packages/core/src/package/views/view-of.ts';
import type { Viewer } from '../packages/core/src/package/views/view.ts';
import { refusedBy, GUARDED, type Guarded } from '../test/e2e/views/guarded.ts';
import { nameOf, observe, type Observation } from '../test/e2e/views/observe.ts';
import { attacks, SENTINEL, type Attack } from '../test/support/attacks.ts';
import { available, type ManagerName } from '../test/support/managers.ts';
import { tgz } from '../test/support/pkg.ts';

const MANAGERS: Readonly<Record<ManagerName, { title: string; viewer: Viewer }>> = {
  'npm-10': { title: 'npm 10', viewer: 'npm' },
  'npm-11': { title: 'npm 11', viewer: 'npm' },
  'npm-12': { title: 'npm 12', viewer: 'npm' },
  'pnpm-10': { title: 'pnpm 10', viewer: 'pnpm-10' },
  'pnpm-11': { title: 'pnpm 11', viewer: 'pnpm-11' },
  'pnpm-12': { title: 'pnpm 12', viewer: 'pnpm-12' },
  'yarn-3': { title: 'Yarn 3', viewer: 'yarn-4' },
  'yarn-4': { title: 'Yarn 4', viewer: 'yarn-4' },
  'yarn-1': { title: 'Yarn classic', viewer: 'yarn-1' },
  bun: { title: 'bun', viewer: 'bun' },
};

const names = Object.keys(MANAGERS) as ManagerName[];

/** Bombs and crowds: each would take a manager minutes, and tell nothing of how it reads. */
const TOO_LARGE = /^(?:entry-count|compression-ratio|unpacked-size)-limit$/;
const shown = attacks.filter(({ id }) => !TOO_LARGE.test(id));

type Cells = Record<string, string>;
type Table = Partial<Record<ManagerName | `guarded ${ManagerName}`, Cells>>;

const pathOf = (name: string): string => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
const dataFile = pathOf('attack-table.json');
const table: Table = stored();

const wanted = process.argv.slice(2) as ManagerName[];
for (const manager of names) {
  if (wanted.length > 0 && !wanted.includes(manager)) continue;
  if (!available(manager).ok) continue;
  const { viewer } = MANAGERS[manager];
  const fails = (one: Attack): boolean =>
    viewOf(viewer, one.build({ name: nameOf(one), target: SENTINEL })).outcome === 'error';
  const batches = [...shown.filter(fails).map((one) => [one]), shown.filter((one) => !fails(one))];
  const observed = await observe(manager, batches);
  table[manager] = Object.fromEntries(
    shown.map((one) => [one.id, cell(one, observed.get(one.id))]),
  );
  if (manager in GUARDED) {
    const refused = await refusedBy(manager, shown);
    table[`guarded ${manager}`] = Object.fromEntries(
      shown.map(({ id, level }) => [id, guardedCell(refused.get(id), level)]),
    );
  }
  // Runs for other managers may have written meanwhile.
  for (const [name, cells] of Object.entries(stored())) table[name as keyof Table] ??= cells;
  writeFileSync(dataFile, `${JSON.stringify(table, null, 1)}\n`);
  process.stderr.write(`${manager}: done\n`);
}
writeFileSync(pathOf('attack-table.md'), markdown());

function stored(): Table {
  return existsSync(dataFile) ? (JSON.parse(readFileSync(dataFile, 'utf8')) as Table) : {};
}

function guardedCell(outcome: Guarded | undefined, level: Attack['level']): string {
  if (outcome === 'refused') return 'refused';
  if (outcome === 'failed') return 'error';
  return level === 'warning' ? 'warned' : '**not refused**';
}

/** What came of an attack, in a few words. */
function cell(attack: Attack, seen: Observation | undefined): string {
  if (seen === undefined) return '?';
  if (seen.outcome === 'error') return seen.hangs === true ? 'hangs' : 'error';
  const files = [...seen.files].filter(([, one]) => one.kind !== 'directory');
  const clean = new Set(['package.json', 'index.js']);
  const links = files.filter(([, one]) => one.kind === 'link');
  if (links.length > 0) return 'link created';
  if (files.some(([, one]) => one.kind === 'file' && (one.mode & 0o7000) !== 0)) return 'mode kept';
  const extra = files.filter(([path]) => !clean.has(path)).map(([path]) => path);
  if (extra.includes('smuggled.js')) return 'extra file installed';
  const lost = [...clean].filter((path) => !seen.files.has(path));
  if (lost.length === 2) return 'renamed';
  const usual = new Map(
    viewOf('npm', tgz({ name: nameOf(attack) })).files.map((one) => [one.path, one]),
  );
  const differs = (path: string): boolean => {
    const [found, plain] = [seen.files.get(path), usual.get(path)];
    return found?.kind === 'file' && plain?.kind === 'file' && found.sha256 !== plain.sha256;
  };
  if (differs('index.js')) return 'replaced';
  if (extra.length > 0 || differs('package.json')) return 'installed';
  return lost.length > 0 ? 'file lost' : 'no trace';
}

function markdown(): string {
  const measured = names.filter((name) => table[name] !== undefined);
  const guarded = names.filter((name) => table[`guarded ${name}`] !== undefined);
  const head = [
    'archive',
    ...measured.map((name) => MANAGERS[name].title),
    ...guarded.map((name) => `${MANAGERS[name].title}, guarded`),
  ];
  const rows = shown.map(({ id, title }) => [
    `${title} (\`${id}\`)`,
    ...measured.map((name) => table[name]?.[id] ?? '?'),
    ...guarded.map((name) => table[`guarded ${name}`]?.[id] ?? '?'),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    '# What package managers make of hostile archives',
    '',
    'Made by `node scripts/run-ts.mjs scripts/attack-table.ts`: each archive of the attack set is published on a loopback',
    'registry and installed by the real managers, with lifecycle scripts off, on Linux. The words:',
    '',
    '- **installed**: what is odd lies in the package; **extra file installed**: a file that others do not see is there;',
    '  **replaced**: another `index.js` than the first one; **renamed**: the package lies under other paths.',
    '- **link created**: there is a live link in node_modules; a link that escapes leads out of the package.',
    '- **mode kept**: a set-user-id, set-group-id or sticky bit is on disk.',
    '- **no trace**: the package is installed, and nothing of what is odd shows; an odd entry was left out, mostly in silence.',
    '  **file lost**: a file of the package itself is not there.',
    '- **error**: the install fails; **hangs**: it does not end within its time.',
    '- **refused**: the guard stopped the install; **warned**: the guard tells of it and lets it pass, since old packages do it.',
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n');
}
