/** The parts of docs/conformance.md that a script writes from docs/conformance.json. Pure: scripts/conformance.ts measures. */
import { citationOf, classOf } from './citations.ts';
import { EXAMPLES, measuredPrograms } from './programs.ts';
import { suiteArchives } from './suite-archives.ts';
import { isWithheld } from './withheld.ts';

export interface ProgramResults {
  readonly version: string;
  readonly date: string;
  readonly archives: number;
  /** By outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** By class, the number of archives and of those that end as expected. */
  readonly classes: Readonly<Record<string, readonly [archives: number, asExpected: number]>>;
  /** Ids of archives that are neither as expected nor accepted although they must be refused. */
  readonly notable: Readonly<Record<string, readonly string[]>>;
}

export interface ConformanceData {
  readonly version: string;
  readonly digest: string;
  readonly programs: Readonly<Record<string, ProgramResults>>;
  /** The output of each worked example. */
  readonly examples: Readonly<Record<string, string>>;
}

const given = suiteArchives.filter((archive) => !isWithheld(archive));

const COLUMNS: readonly (readonly [outcome: string, title: string])[] = [
  ['as expected', 'as expected'],
  ['accepted', 'accepted what must be refused'],
  ['refused', 'refused what must be accepted'],
  ['other tree', 'other tree'],
  ['escaped', 'escaped'],
  ['failed', 'no answer'],
];

/** A generated part, between lines that name it. */
const PART = /(?<=^<!-- pnpm conformance: ([a-z]+) -->\n)[^]*?(?=^<!-- end -->$)/gm;

/** The page with all generated parts as they should be. */
export function conformancePage(page: string, data: ConformanceData): string {
  const parts: Readonly<Record<string, () => string>> = {
    contents: () => contents(data),
    classes,
    results: () => results(data),
    byclass: () => byClass(data),
    notable: () => notable(data),
    ...Object.fromEntries(Object.keys(EXAMPLES).map((name) => [name, () => example(name, data)])),
  };
  return page.replaceAll(PART, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new RangeError(`the page has an unknown part, ${name}`);
    return `\n${part()}\n\n`;
  });
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function contents({ version, digest }: ConformanceData): string {
  const formats = [...new Set(given.map(({ format }) => format))];
  const count = (list: typeof given, refused: boolean): string =>
    String(list.filter(({ level }) => (level === 'error') === refused).length);
  const rows = formats.map((format) => {
    const own = given.filter((archive) => archive.format === format);
    return [`\`${format}\``, count(own, true), count(own, false)];
  });
  return [
    `Version ${version} has ${given.length} archives (digest \`${digest}\`).`,
    '',
    table([
      ['format', 'must be refused', 'must be accepted'],
      ...rows,
      ['all', count(given, true), count(given, false)],
    ]),
  ].join('\n');
}

function classes(): string {
  const rows = new Map<string, { scope: string; archives: number; texts: Set<string> }>();
  for (const { rules, format } of given) {
    const [rule] = rules;
    if (rule === undefined) continue;
    const { id, scope } = classOf(rule);
    const { specification } = citationOf(rule, { format, isZip: false });
    const row = rows.get(id) ?? { scope, archives: 0, texts: new Set() };
    row.archives += 1;
    row.texts.add(specification);
    rows.set(id, row);
  }
  return table([
    ['class', 'scope', 'archives', 'specifications'],
    ...[...rows].map(([id, { scope, archives, texts }]) => [
      `\`${id}\``,
      scope,
      String(archives),
      // Some names contain a comma.
      [...texts].join('; '),
    ]),
  ]);
}

function results({ programs }: ConformanceData): string {
  const rows = measuredPrograms.map(({ id, title }) => {
    const own = programs[id];
    const cells = COLUMNS.map(([outcome]) => String(own?.outcomes[outcome] ?? '?'));
    const version = own === undefined || own.version === '' ? '' : ` (${own.version})`;
    return [`${title}${version}`, String(own?.archives ?? '?'), ...cells];
  });
  return table([['program', 'archives', ...COLUMNS.map(([, title]) => title)], ...rows]);
}

function byClass({ programs }: ConformanceData): string {
  const names = [...new Set(Object.values(programs).flatMap((own) => Object.keys(own.classes)))];
  const rows = names.map((name) => [
    `\`${name}\``,
    ...measuredPrograms.map(({ id }) => {
      const [archives, asExpected] = programs[id]?.classes[name] ?? [];
      return archives === undefined ? '' : `${asExpected} of ${archives}`;
    }),
  ]);
  return table([['class', ...measuredPrograms.map(({ title }) => title)], ...rows]);
}

/** Every result that says more about a program than that it is not a guard. */
function notable({ programs }: ConformanceData): string {
  const lines = measuredPrograms.flatMap(({ id, title }) =>
    Object.entries(programs[id]?.notable ?? {}).map(
      ([outcome, ids]) => `- ${title}, ${outcome}: ${ids.map((name) => `\`${name}\``).join(', ')}`,
    ),
  );
  return lines.join('\n');
}

function example(name: string, { examples }: ConformanceData): string {
  return ['```console', `$ ${EXAMPLES[name]?.line}`, examples[name]?.trimEnd() ?? '', '```'].join(
    '\n',
  );
}
