/** docs/attack-table-clients.md as data, and the page made of it. Pure: the measuring is scripts/client-attack-table.ts. */
import { rulesWith } from '../../../support/attacks/codes.ts';
import type { Seen } from '../observe.ts';
import {
  CLIENT_FORMATS,
  CLIENTS,
  GUARDED_CLIENTS,
  type Client,
  type ClientFormat,
} from './clients.ts';
import { SAMPLES } from './samples.ts';
import type { ClientSeen } from './world.ts';

export interface ClientTable {
  readonly clients: Readonly<Record<string, { readonly version: string; readonly date: string }>>;
  /** By format and archive, what came of it for each client. */
  readonly archives: Readonly<
    Record<ClientFormat, Readonly<Record<string, Readonly<Record<string, string>>>>>
  >;
}

/** The columns, in their order. */
export const COLUMNS: readonly Client[] = [...CLIENTS, ...GUARDED_CLIENTS];

type Files = ReadonlyMap<string, Seen>;

/** What came of an attack, in a few words, against the ordinary archive of its format. */
export function clientCell(
  seen: Omit<ClientSeen, 'output'>,
  plain: Files,
  format: ClientFormat,
): string {
  const paths = [...seen.files.keys()];
  if (seen.outcome === 'refused') return paths.length > 0 ? '**refused, files stay**' : 'refused';
  // What pip unpacks for a build is in a folder for temporary files.
  if (seen.outcome === 'error')
    return paths.length > 0 && format !== 'sdist' ? 'error, files stay' : 'error';
  if (paths.some(isOutside)) return '**written outside**';
  const files = [...seen.files.values()];
  if (files.some(({ kind }) => kind === 'link')) return 'link created';
  if (files.some((one) => one.kind === 'file' && (one.mode & 0o7000) !== 0)) return 'mode kept';
  const isExtra = paths.some((path) => !plain.has(path));
  const isLost = [...plain.keys()].some((path) => !seen.files.has(path));
  if (isExtra) return isLost ? 'other files' : 'installed';
  if (isLost) return 'file lost';
  return paths.some((path) => digest(seen.files.get(path)) !== digest(plain.get(path)))
    ? 'replaced'
    : 'no trace';
}

function isOutside(path: string): boolean {
  return path.startsWith('../') || /^site-packages[^/]/.test(path);
}

function digest(seen: Seen | undefined): string {
  return seen?.kind === 'file' ? seen.sha256 : '';
}

export function clientPage(table: ClientTable): string {
  const versions = COLUMNS.map(({ name, title }) => {
    const { version = '?', date = '?' } = table.clients[name] ?? {};
    return `- ${title.replace(/ [\d.]+$/, '')} ${version} (${date})`;
  });
  return [
    '# What pip, gem, Bundler and go make of hostile archives',
    '',
    'Made by `npx -y pnpm@12 client-attack-table`: each archive of the attack sets is installed by the real clients, offline, on',
    'Linux, without a guard; by pip 25 also under it. No cell is written by hand. What npm, pnpm, Yarn and bun do is in [their own table](attack-table.md).',
    'Measured, with the day:',
    '',
    ...versions,
    '',
    'The words:',
    '',
    '- **written outside**: a file is not in the folder of the package, or of the environment.',
    '- **installed**: what is odd lies in the package; **replaced**: the same paths with other content; **other files**: not those of',
    '  the package that the archive shows; **file lost**: a file of the package is not there.',
    '- **link created**: there is a live link; **mode kept**: a set-user-id, set-group-id or sticky bit is on disk.',
    '- **no trace**: the package is installed, and nothing of what is odd shows.',
    '- **refused**: by the guard, before anything was unpacked. Where it reports a warning alone, the archive is installed.',
    '- **error**: the install fails; **files stay**: what came before the failure is left where packages are installed.',
    '',
    'For source archives it is what pip unpacks before the build. The last column names the rules by which `tarwarden` reports it.',
    ...CLIENT_FORMATS.flatMap((format) => section(table, format)),
    '',
  ].join('\n');
}

function section(table: ClientTable, format: ClientFormat): string[] {
  const { title, attacks } = SAMPLES[format];
  const clients = COLUMNS.filter(({ formats }) => formats.includes(format));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = ['archive', ...clients.map((one) => one.title), 'reported as'];
  return [
    '',
    `## ${title}`,
    '',
    line(head),
    line(head.map(() => '---')),
    ...attacks.map(({ name, title: words, codes }) =>
      line([
        words === name ? words : `${words} (\`${name}\`)`,
        ...clients.map((one) => table.archives[format][name]?.[one.name] ?? '?'),
        codes.map((code) => `[${code}](${rulePageOf(code)})`).join(', '),
      ]),
    ),
  ];
}

function rulePageOf(code: string): string {
  const [rule] = rulesWith(code);
  return `rules/${rule}.md${code === rule ? '' : `#${code}`}`;
}
