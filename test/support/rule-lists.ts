/**
 * What follows from which rules and formats there are in the core's sources: the unions of their ids, and a list beside the rules of
 * each folder.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CORE = fileURLToPath(new URL('../../packages/core/src', import.meta.url));
const NOTE = '// Written by `pnpm rules`, from the files beside it.';

/** Titles by the folder of the rules below each, in the order of the catalogue; other folders follow. */
export const TITLES: Readonly<Record<string, string>> = {
  'rules/gzip': 'The file and its compression',
  'rules/tar': 'Headers of the tar',
  'rules/pax': 'Extended headers',
  'rules/limits': 'Limits',
  'rules/types': 'Types of entries',
  'rules/paths': 'Paths',
  'rules/names': 'Names in paths',
  'rules/modes': 'Modes',
  'formats/npm-tarball/rules/modes': 'Modes of files that npm, pnpm and Yarn run',
  'rules/git': 'What git believes',
  'rules/links': 'Links',
  'rules/duplicates': "Entries in each other's way",
  'rules/layout': 'The first folder',
  'formats/npm-tarball/rules/package': 'Packages for npm, pnpm and Yarn',
  'rules/zip': 'Zips',
  'formats/yarn-zip/rules/layout': "Archives of Yarn's cache",
  'formats/wheel/rules/wheel': 'Wheels of Python',
  'formats/sdist/rules/container': 'The file of a Python sdist',
  'formats/sdist/rules/package': 'Python sdists',
  'formats/gem/rules/gem': 'Gems: the archive',
  'formats/gem/rules/gemspec': 'Gems: the gemspec',
  'formats/go-zip/rules/module': 'Module zips of Go',
};

interface RuleFile {
  readonly id: string;
  /** `ReaderRule`, `EntryRule` … */
  readonly type: string;
  /** Where it imports its type from. */
  readonly typeFrom: string;
}

/** Folders that hold rules, relative to the core's sources: families that all formats share, and those of one format. */
export function ruleFolders(source: string = CORE): string[] {
  const inside = (folder: string): string[] =>
    readdirSync(join(source, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${folder}/${name}`);
  const formats = inside('formats').map((folder) => `${folder}/rules`);
  const found = [
    ...inside('rules'),
    ...formats.filter((folder) => existsSync(join(source, folder))).flatMap(inside),
  ];
  const titled = Object.keys(TITLES).filter((folder) => found.includes(folder));
  return [...titled, ...found.filter((folder) => !titled.includes(folder))];
}

/**
 * The rules of a folder. Those that its list has keep their order, since findings are listed in it; new ones follow, by name.
 */
export function rulesIn(folder: string, source: string = CORE): RuleFile[] {
  const list = join(source, folder, 'index.ts');
  const listed = existsSync(list)
    ? [...readFileSync(list, 'utf8').matchAll(/from '\.\/([\w-]+)\.ts'/g)].map(([, id = '']) => id)
    : [];
  const found = readdirSync(join(source, folder))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted();
  const ids = [
    ...listed.filter((id) => found.includes(id)),
    ...found.filter((id) => !listed.includes(id)),
  ];
  return ids.map((id) => {
    const text = readFileSync(join(source, folder, `${id}.ts`), 'utf8');
    const type = /^export const rule: (\w+) =/m.exec(text)?.[1];
    const typeFrom = new RegExp(`^import type \\{ ${type} \\} from '([^']+)';`, 'm').exec(
      text,
    )?.[1];
    if (type === undefined || typeFrom === undefined || !text.includes(`  id: '${id}',`))
      throw new Error(`${folder}/${id}.ts does not export a rule of its name`);
    return { id, type, typeFrom };
  });
}

/** Path, relative to the core's sources, and text of each generated file. */
export function generatedLists(source: string = CORE): [path: string, text: string][] {
  const folders = ruleFolders(source).map((folder) => [folder, rulesIn(folder, source)] as const);
  const formats = formatsIn(source);
  const ids = folders.flatMap(([, rules]) => rules.map(({ id }) => id)).toSorted();
  return [
    [
      'finding/rule-id.ts',
      `${NOTE.replace('the files beside it', 'the files of the rules')}\n\n/** Id of a rule. Ids are API: documented, never reused. */\nexport type RuleId =\n${ids.map((id) => `  | '${id}'`).join('\n')};\n`,
    ],
    ['finding/format.ts', formatIds(formats)],
    ['formats/all.ts', allFormats(formats.map(({ folder }) => folder))],
    ['catalogue/all.ts', catalogueOf(folders.map(([folder]) => folder))],
    ...folders.map(([folder, rules]): [string, string] => [
      `${folder}/index.ts`,
      listOf(folder, rules),
    ]),
  ];
}

function listOf(folder: string, rules: readonly RuleFile[]): string {
  const types = [...new Set(rules.map(({ type }) => type))].toSorted();
  const from = new Map(rules.map(({ type, typeFrom }) => [type, typeFrom]));
  const paths = [...new Set(from.values())].toSorted();
  return [
    NOTE,
    ...paths.map(
      (path) =>
        `import type { ${types.filter((type) => from.get(type) === path).join(', ')} } from '${path}';`,
    ),
    ...rules.map(({ id }) => `import { rule as ${camelCase(id)} } from './${id}.ts';`),
    '',
    `export const ${nameOf(folder)}: readonly ${types.length > 1 ? `(${types.join(' | ')})` : types[0]}[] = [`,
    ...rules.map(({ id }) => `  ${camelCase(id)},`),
    '];',
    '',
  ].join('\n');
}

interface FormatFolder {
  readonly folder: string;
  readonly id: string;
  readonly ecosystem: string;
}

/** A folder of `formats` is a format where it has a `format.ts`. */
function formatsIn(source: string): FormatFolder[] {
  return readdirSync(join(source, 'formats'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .map((folder) => {
      const text = readFileSync(join(source, 'formats', folder, 'format.ts'), 'utf8');
      const id = /^  id: '([\w-]+)',$/m.exec(text)?.[1];
      const ecosystem = /^  ecosystem: '(\w+)',$/m.exec(text)?.[1];
      if (
        id === undefined ||
        ecosystem === undefined ||
        !text.includes('export const format: PackageFormat =')
      )
        throw new Error(`formats/${folder}/format.ts does not export a format`);
      return { folder, id, ecosystem };
    });
}

function formatIds(formats: readonly FormatFolder[]): string {
  return [
    NOTE.replace('the files beside it', 'the formats'),
    "import type { Ecosystem } from './ecosystem.ts';",
    '',
    '/** Archive formats that the core inspects. */',
    `export type Format = ${formats.map(({ id }) => `'${id}'`).join(' | ')};`,
    '',
    '/** Where packages of a format come from: known to guards that load no reader of it. */',
    'export const ecosystemOf: Readonly<Record<Format, Ecosystem>> = {',
    ...formats.map(({ id, ecosystem }) => `  ${keyOf(id)}: '${ecosystem}',`),
    '};',
    '',
  ].join('\n');
}

/** As the formatter spells a key. */
const keyOf = (id: string): string => (/^\w+$/.test(id) ? id : `'${id}'`);

function allFormats(folders: readonly string[]): string {
  return [
    NOTE.replace('files', 'folders'),
    "import type { PackageFormat } from './format.ts';",
    ...folders.map((one) => `import { format as ${camelCase(one)} } from './${one}/format.ts';`),
    '',
    `export const formats: readonly PackageFormat[] = [${folders.map(camelCase).join(', ')}];`,
    '',
  ].join('\n');
}

function catalogueOf(folders: readonly string[]): string {
  return [
    NOTE.replace('the files beside it', 'the files of the rules'),
    ...folders.map((folder) => `import { ${nameOf(folder)} } from '../${folder}/index.ts';`),
    "import type { Rule } from '../rules/rule.ts';",
    '',
    'export const allRules: readonly Rule[] = [',
    ...folders.map((folder) => `  ...${nameOf(folder)},`),
    '];',
    '',
  ].join('\n');
}

function nameOf(folder: string): string {
  return camelCase(`${folder.replace(/^(?:rules|formats)\//, '').replace('/rules/', '-')}-rules`);
}

function camelCase(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
