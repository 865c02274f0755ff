/** The settings in files of Yarn 3 and 4: Yarn's own answer, and ours. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { WrittenCase } from '../../support/settings-readers/subject.ts';
import { askYarn, readYarn } from '../../support/settings-readers/yarn.ts';

/** A setting, the value that Yarn has for it, and the file that it is from. */
type Said = readonly [value: unknown, file: string];

interface Row {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly setting: string;
  /** Yarn's answer. `refused`: it stops. */
  readonly yarn3?: Said | 'refused' | undefined;
  readonly yarn4?: Said | 'refused' | undefined;
  /** Where we do not know what Yarn says. */
  readonly unknown?: string;
}

const INNER = 'project/inner/.yarnrc.yml';
const OUTER = 'project/.yarnrc.yml';
const HOME = 'home/.yarnrc.yml';
const both = (said: Row['yarn3']): Pick<Row, 'yarn3' | 'yarn4'> => ({ yarn3: said, yarn4: said });
const inner = (title: string, text: string, value: unknown, setting = 'npmAuthToken'): Row => ({
  title,
  files: { [INNER]: text },
  setting,
  ...both(value === 'refused' ? value : [value, INNER]),
});
const replaced = (written: string, in3: string, in4: string): Row => ({
  title: `the variable in ${written}`,
  files: { [INNER]: `npmAuthToken: '${written}'\n` },
  setting: 'npmAuthToken',
  yarn3: in3 === 'refused' ? in3 : [in3, INNER],
  yarn4: in4 === 'refused' ? in4 : [in4, INNER],
});

const rows: readonly Row[] = [
  inner('a word', 'npmAuthToken: a\n', 'a'),
  inner('text between quotes, with escapes', 'npmAuthToken: "a\\u0041\\x42 #c"\n', 'aAB #c'),
  inner('text between single quotes', "npmAuthToken: 'it''s \\u0041'\n", "it's \\u0041"),
  inner('a name between quotes', '"npmAuth\\u0054oken": a\n', 'a'),
  inner('a comment', '# b\nnpmAuthToken: a # c\n', 'a'),
  inner('CRLF', 'npmAuthToken: a\r\ninitScope: b\r\n', 'a'),
  inner('a lone CR', 'initScope: b\rnpmAuthToken: a\r', 'a'),
  inner('a byte order mark', '\uFEFFnpmAuthToken: a\n', 'a'),
  inner('the last of two', 'npmAuthToken: a\nnpmAuthToken: b\n', 'b'),
  inner('an alias', 'initScope: &x a\nnpmAuthToken: *x\n', 'a'),
  inner('a number, as text', 'npmAuthToken: 0x10\n', '0x10'),
  inner('a folded text', 'npmAuthToken: >-\n  a\n  b\n', 'a b'),
  inner('a flow mapping', '{npmAuthToken: a}', 'a'),
  inner('a document with an end', '---\nnpmAuthToken: a\n...\n', 'a'),
  inner('two documents', 'npmAuthToken: a\n---\nnpmAuthToken: b\n', 'refused'),
  inner('a merge key', 'npmScopes: &x {s: {npmAuthToken: a}}\n<<: *x\n', 'refused'),
  inner('a list', '- npmAuthToken\n', 'refused'),
  inner('a tab in the indentation', 'npmAuthToken:\n\ta\n', 'refused'),
  {
    title: 'a merge key in the own file, which merges nothing',
    files: { [HOME]: 'x: &x {npmAuthToken: a}\n<<: *x\n' },
    setting: 'npmAuthToken',
  },
  inner('true', 'enableScripts: true\n', true, 'enableScripts'),
  inner('1', 'enableScripts: "1"\n', true, 'enableScripts'),
  inner('off', 'enableScripts: off\n', 'refused', 'enableScripts'),
  replaced('${A}', 'alpha', 'alpha'),
  replaced('${E}', '', ''),
  replaced('${N}', 'refused', 'refused'),
  replaced('${N-y}', 'y', 'y'),
  replaced('${E-y}', '', ''),
  replaced('${E:-y}', 'y', 'y'),
  replaced('${N:-}', '', ''),
  replaced('${N-${A}}', '${A}', 'alpha'),
  replaced('${A-${N}}', 'alpha}', 'alpha'),
  replaced('${A?}', '${A?}', 'refused'),
  replaced('\\${A}', '\\alpha', '${A}'),
  replaced('${1-y}', 'y', 'refused'),
  replaced('$A ${ A }', '$A ${ A }', 'refused'),
  inner('a relative path', 'globalFolder: ../g\n', '<project/g>', 'globalFolder'),
  inner('a path that begins with ~', 'globalFolder: ~/g\n', '<project/inner/~/g>', 'globalFolder'),
  {
    title: 'a path of a variable, relative to the folder in which Yarn starts',
    files: {},
    env: { YARN_GLOBAL_FOLDER: 'g' },
    setting: 'globalFolder',
    ...both(['<project/inner/g>', '<environment>']),
  },
  {
    title: 'a variable in capitals and small letters, over every file',
    files: { [INNER]: 'npmAuthToken: a\n' },
    env: { yarn_Npm_auth_Token: '${A}' },
    setting: 'npmAuthToken',
    ...both(['alpha', '<environment>']),
  },
  {
    title: 'the nearest file',
    files: { [INNER]: 'initScope: x\n', [OUTER]: 'npmAuthToken: b\n', [HOME]: 'npmAuthToken: c\n' },
    setting: 'npmAuthToken',
    ...both(['b', OUTER]),
  },
  {
    title: 'the own file, beyond the folders above',
    files: { '.yarnrc.yml': 'npmAuthToken: b\n', [HOME]: 'npmAuthToken: c\n' },
    setting: 'npmAuthToken',
    ...both(['b', '.yarnrc.yml']),
  },
  {
    title: 'the own file, over those of the folders above the home folder',
    files: { '.yarnrc.yml': 'npmAuthToken: b\n', [OUTER]: 'npmAuthToken: c\n' },
    env: { HOME: 'project' },
    setting: 'npmAuthToken',
    ...both(['c', OUTER]),
  },
  {
    title: 'a file of another name',
    files: { [INNER]: 'npmAuthToken: a\n', 'project/rc.yml': 'npmAuthToken: b\n' },
    env: { YARN_RC_FILENAME: 'rc.yml' },
    setting: 'npmAuthToken',
    ...both(['b', 'project/rc.yml']),
  },
  {
    title: 'the own file, whose name Yarn 4 does not change',
    files: { 'home/rc.yml': 'npmAuthToken: a\n', [HOME]: 'npmAuthToken: b\n' },
    env: { yarn_rc_Filename: 'rc.yml' },
    setting: 'npmAuthToken',
    yarn3: ['a', 'home/rc.yml'],
    yarn4: ['b', HOME],
  },
  {
    title: 'a value that says what is merged',
    files: { [INNER]: 'npmAuthToken: {onConflict: reset, value: a}\n' },
    setting: 'npmAuthToken',
    yarn3: 'refused',
    yarn4: ['a', INNER],
  },
  {
    title: 'yarnPath with a variable, which Yarn 4 does not know so early',
    files: { [INNER]: 'yarnPath: ./${A}.js\n' },
    setting: 'yarnPath',
    yarn3: ['<project/inner/alpha.js>', INNER],
    yarn4: 'refused',
  },
  {
    title: 'yarnPath with a default',
    files: { [OUTER]: 'yarnPath: ./${N:-y}.js\n' },
    setting: 'yarnPath',
    ...both(['<project/y.js>', OUTER]),
  },
  {
    title: 'a variable of an environment file',
    files: { [INNER]: 'npmAuthToken: "${V-b}"\n', 'project/inner/.env.yarn': 'V=a\n' },
    setting: 'npmAuthToken',
    yarn3: ['b', INNER],
    yarn4: ['a', INNER],
    unknown: 'a variable in it may come from an environment file',
  },
  {
    title: 'an environment file in the folder of the project, which Yarn does not take below it',
    files: {
      [INNER]: 'npmAuthToken: "${V-b}"\n',
      'project/.env.yarn': 'V=a\n',
      'project/yarn.lock': '',
    },
    setting: 'npmAuthToken',
    ...both(['b', INNER]),
  },
  {
    title: 'a variable of a file that injectEnvironmentFiles names',
    files: {
      [INNER]: 'npmAuthToken: "${V-b}"\ninjectEnvironmentFiles: ["./v"]\n',
      'project/inner/v': 'V=a\n',
    },
    setting: 'npmAuthToken',
    yarn3: 'refused',
    yarn4: ['a', INNER],
    unknown: 'a variable in it may come from an environment file',
  },
];

const root = mkdtempSync(join(tmpdir(), 'tarwarden-yarn-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const cases = rows.map(({ files, env = {} }, at): WrittenCase => {
  const folder = join(root, String(at));
  mkdirSync(join(folder, 'home'), { recursive: true });
  const all = { ...files, 'project/inner/package.json': '{}' };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { files, env: { A: 'alpha', E: '', ...env }, folder };
});

const names = [...new Set(rows.map(({ setting }) => setting))];

/** As a row writes it: paths below the case's folder. */
function said(folder: string, answer: string | undefined): Said | undefined {
  if (answer === undefined) return undefined;
  const [value, file] = JSON.parse(answer) as [unknown, string];
  const short = (text: string): string => text.replace(`${folder}/`, '');
  return [
    typeof value === 'string' && value.startsWith(folder) ? `<${short(value)}>` : value,
    short(file),
  ];
}

describe.each([3, 4] as const)('of Yarn %i', (major) => {
  test('is what the client itself says, setting by setting', async () => {
    const answers = await askYarn(`yarn-${major}`, cases, names);
    for (const [at, row] of rows.entries()) {
      const { folder } = cases[at]!;
      const expected = major === 3 ? row.yarn3 : row.yarn4;
      const answer = answers[at]!;
      const theirs = typeof answer === 'string' ? 'refused' : said(folder, answer[row.setting]);
      expect.soft(theirs, `${row.title}: Yarn`).toEqual(expected);
      if (expected === 'refused') continue;
      const ours = readYarn(major, cases[at]!, names);
      if (ours === 'refused') expect.soft(ours, row.title).toBe('read');
      else if (row.unknown === undefined || major === 3)
        expect.soft(said(folder, ours[row.setting]), row.title).toEqual(expected);
      else
        expect
          .soft(said(folder, ours[row.setting])?.[0], row.title)
          .toEqual({ unknown: row.unknown });
    }
    expect.assertions(
      2 * rows.length -
        rows.filter((row) => (major === 3 ? row.yarn3 : row.yarn4) === 'refused').length,
    );
  });
});
