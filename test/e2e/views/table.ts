/** docs/attack-table.md as data, and the page made of it. Pure: the measuring is scripts/attack-table.ts. */
import { createHash } from 'node:crypto';
import { lenientGunzip } from '../../../packages/explain/src/readers/lenient-gzip.ts';
import { PLACEHOLDER } from '../../../packages/explain/src/readers/managers.ts';
import { viewOf } from '../../../packages/explain/src/readers/views-of.ts';
import { attacks, SENTINEL, type Attack } from '../../support/attacks.ts';
import type { ManagerName } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import type { Guarded } from './guarded.ts';
import { nameOf, type Observation } from './observe.ts';

/** The columns, in their order. */
export const TITLES: Readonly<Record<ManagerName, string>> = {
  'npm-10': 'npm 10',
  'npm-11': 'npm 11',
  'npm-12': 'npm 12',
  'pnpm-10': 'pnpm 10',
  'pnpm-11': 'pnpm 11',
  'pnpm-12': 'pnpm 12',
  'yarn-3': 'Yarn 3',
  'yarn-4': 'Yarn 4',
  'yarn-1': 'Yarn classic',
  bun: 'bun',
};

/** Columns of guarded outcomes, where those of several versions are alike nearly everywhere. */
const GUARDS: readonly [title: string, managers: readonly ManagerName[]][] = [
  ['npm 10–12, guarded', ['npm-10', 'npm-11', 'npm-12']],
  ['pnpm 10–12, guarded', ['pnpm-10', 'pnpm-11', 'pnpm-12']],
  ['Yarn 3 and 4, guarded', ['yarn-3', 'yarn-4']],
  ['Yarn classic, guarded', ['yarn-1']],
  ['bun, guarded', ['bun']],
];

export interface Measured {
  readonly version: string;
  /** Of the Node that ran it; absent for a native program. */
  readonly node?: string;
  /** The day of the oldest of its measurements. */
  readonly date: string;
}

export interface Row {
  /** Of what is in the archive: a row of an archive that has changed since is out of date. */
  readonly digest: string;
  readonly unguarded: Partial<Record<ManagerName, string>>;
  readonly guarded: Partial<Record<ManagerName, string>>;
}

export interface Table {
  readonly managers: Partial<Record<ManagerName, Measured>>;
  readonly archives: Readonly<Record<string, Row>>;
}

export const bytesOf = (attack: Attack): Buffer =>
  attack.build({ name: nameOf(attack), target: SENTINEL });

/** The same whichever zlib compressed the archive; so of one that is odd in its compression alone it tells little. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256')
    .update(unzipped(unzipped(bytes)))
    .digest('hex')
    .slice(0, 16);
}

/** The tar inside an archive, as the most lenient reader opens it. Empty if no reader does. */
function unzipped(bytes: Uint8Array): Buffer {
  const forgiving = { members: 'all', trailing: 'any', trailer: 'unchecked' } as const;
  try {
    return lenientGunzip(bytes, { ...forgiving, headerChecksum: 'skipped' });
  } catch {
    return Buffer.alloc(0);
  }
}

export function guardedCell(outcome: Guarded, level: Attack['level']): string {
  if (outcome === 'leaked') return '**unpacked**';
  if (outcome === 'passed') return level === 'error' ? '**not refused**' : 'let pass';
  return outcome === 'refused' ? 'refused' : 'error';
}

/** What came of an attack, in a few words. */
export function cell(attack: Attack, seen: Observation): string {
  if (seen.outcome === 'error') return seen.hangs === true ? 'hangs' : 'error';
  const files = [...seen.files].filter(([, one]) => one.kind !== 'directory');
  if (files.some(([, one]) => one.kind === 'link')) return 'link created';
  if (files.some(([, one]) => one.kind === 'file' && (one.mode & 0o7000) !== 0)) return 'mode kept';
  const usual = new Map(
    viewOf('npm', tgz({ name: nameOf(attack) })).files.map((one) => [one.path, one]),
  );
  // One that bundles says so in package.json, and what it bundles is not what is odd in it.
  const bundles = attack.rule.includes('bundled-link');
  const extra = files.filter(
    ([path]) => !usual.has(path) && !(bundles && path === 'node_modules/dep/package.json'),
  );
  if (extra.some(([path]) => path === 'smuggled.js')) return 'extra file installed';
  if (attack.rule.includes('execute-without-owner'))
    return extra.some(([, one]) => one.kind === 'file' && (one.mode & 0o100) !== 0)
      ? 'made executable'
      : 'installed';
  const lost = [...usual.keys()].filter((path) => !seen.files.has(path));
  if (lost.length === usual.size) return 'renamed';
  const differs = (path: string): boolean => {
    const [found, plain] = [seen.files.get(path), usual.get(path)];
    return found?.kind === 'file' && plain?.kind === 'file' && found.sha256 !== plain.sha256;
  };
  if (differs('index.js')) return 'replaced';
  const manifest = seen.files.get('package.json');
  if (manifest?.kind === 'file' && manifest.sha256 === PLACEHOLDER_SHA256) return 'placeholder';
  if (extra.length > 0 || (differs('package.json') && !bundles)) return 'installed';
  return lost.length > 0 ? 'file lost' : 'no trace';
}

const PLACEHOLDER_SHA256 = createHash('sha256').update(PLACEHOLDER).digest('hex');

export function page(table: Table): string {
  const names = (Object.keys(TITLES) as ManagerName[]).filter((name) => name in table.managers);
  const head = ['archive', ...names.map((name) => TITLES[name]), ...GUARDS.map(([title]) => title)];
  const rows = attacks.map(({ id, title }) => {
    const row = table.archives[id];
    return [
      `${title} (\`${id}\`)`,
      ...names.map((name) => row?.unguarded[name] ?? '?'),
      ...GUARDS.map(([, managers]) => together(managers, row?.guarded ?? {})),
    ];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const versions = names.map((name) => {
    const { version = '', node, date = '' } = table.managers[name] ?? {};
    const title = TITLES[name].replace(/ \d+$/, '');
    return `${title} ${version}${node === undefined ? '' : ` on Node ${node}`} (${date})`;
  });
  return [
    '# What package managers make of hostile archives',
    '',
    `Made by \`npx -y pnpm@12 attack-table\`: each of the ${attacks.length} archives of the attack set is`,
    'published on a loopback registry and installed by the real managers, with lifecycle scripts off, on Linux; then once more',
    'under the guard. No cell is written by hand. Measured, with the day:',
    '',
    ...versions.map((one) => `- ${one}`),
    '',
    'The words, for installs without the guard:',
    '',
    '- **installed**: what is odd lies in the package; **extra file installed**: a file that others do not see is there;',
    '  **replaced**: another `index.js` than the first one; **renamed**: the package lies under other paths.',
    '- **link created**: there is a live link in node_modules; a link that escapes leads out of the package.',
    '- **mode kept**: a set-user-id, set-group-id or sticky bit is on disk; **made executable**: its owner can run a file that',
    '  the archive lets only others run.',
    '- **placeholder**: pnpm writes a package.json of its own, since none was unpacked.',
    '- **no trace**: the package is installed, and nothing of what is odd shows; an odd entry was left out, mostly in silence.',
    '  **file lost**: a file of the package itself is not there.',
    '- **error**: the install fails; **hangs**: it does not end within a minute.',
    '',
    'And under it:',
    '',
    '- **refused**: the guard stopped the install, and nothing of the archive is in node_modules.',
    '- **let pass**: real packages do it, so that the guard is silent; `tarwarden scan` warns, or `explain` notes it.',
    '- **error**: the manager itself fails before the guard is asked, or in a way of its own.',
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n');
}

/** One word where the versions are alike, else the word of each. */
function together(managers: readonly ManagerName[], cells: Row['guarded']): string {
  const words = managers.map((name) => cells[name] ?? '?');
  if (new Set(words).size === 1) return words[0] ?? '?';
  return managers.map((name, at) => `${TITLES[name]}: ${words[at]}`).join('; ');
}
