/** The page of all settings, `docs/settings.md`. */
import { managers, rowsOf, type Known } from './record.ts';
import { namesOf, type Manager, type Row, type SettingClass } from './row.ts';

const TITLES: Readonly<Record<Manager, string>> = { npm: 'npm', pnpm: 'pnpm', yarn: 'Yarn' };

/** From what could take the guard away to what cannot matter. */
const CLASSES: Readonly<Record<SettingClass, string>> = {
  guard: 'could drop, replace or blind the guard',
  integrity: 'whether bytes are compared with what was promised',
  placement: 'where things land, or where caches and stores are',
  source: 'which packages, and where their bytes come from',
  'runs-code': 'runs code or a program of the repository, guarded or not',
  harmless: 'changes nothing of what is fetched, unpacked or run',
};

const HEAD = `# Every setting of every manager

What a repository can set, and what that can do to the guard: for the [threat model](threat-model.md). The names are taken
from the clients themselves by \`pnpm settings\`, which writes this page; a client that knows another name fails the tests.

`;

export function renderSettings(known: Known): string {
  return HEAD + renderClasses() + managers.map((one) => renderManager(one, known)).join('');
}

function renderClasses(): string {
  const lines = Object.entries(CLASSES).map(([name, text]) => `| ${name} | ${text} |`);
  return `| class | |\n| --- | --- |\n${lines.join('\n')}\n`;
}

function renderManager(manager: Manager, known: Known): string {
  const asked = Object.entries(known.versions)
    .filter(([client]) => client.startsWith(manager))
    .map(([, version]) => version);
  const all = asked.map((version) => version.split('.')[0]).join(' ');
  const order = Object.keys(CLASSES);
  const rows = rowsOf[manager].toSorted((a, b) => order.indexOf(a.class) - order.indexOf(b.class));
  const count = Object.keys(known.settings[manager]).length;
  const text = rows.map((row) => renderRow(row, known.settings[manager], all)).join('\n');
  return `\n## ${TITLES[manager]}\n\n${count} settings of ${asked.join(', ')}. Where only some know one, they stand behind it.\n${text}`;
}

function renderRow(row: Row, known: Readonly<Record<string, string>>, all: string): string {
  const names = namesOf(row)
    .toSorted()
    .map((name) => `\`${name}\`${known[name] === all ? '' : ` (${known[name] ?? ''})`}`);
  const lines = [
    ['Gain', row.gain],
    ['Stopped by', row.stops],
    ['Test', row.test === undefined ? undefined : `\`${row.test.replace(' › ', '`: ')}`],
    ['Tried with a hostile package', row.tries && renderTries(row.tries)],
    [
      'Left',
      row.page && `[${row.page.replace(/^docs\//, '')}](${row.page.replace(/^docs\//, '')})`,
    ],
    ['**Open**', row.open],
  ];
  const list = lines.flatMap(([title, text]) => (text === undefined ? [] : `- ${title}: ${text}`));
  return `\n### ${row.class}: ${shortest(row)}\n\n${wrap(names.join(', '))}\n\n${list.join('\n')}\n`;
}

const shortest = (row: Row): string => namesOf(row).slice(0, 3).join(', ');

function renderTries(tries: Readonly<Record<string, string>>): string {
  return Object.keys(tries).length > 12
    ? `${Object.keys(tries).length} of them`
    : Object.keys(tries)
        .map((name) => `\`${name}\``)
        .join(', ');
}

/** Lines that a diff can show. */
function wrap(text: string): string {
  return text.replace(/(.{90,120}?), /g, '$1,\n');
}
