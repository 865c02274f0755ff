/** The settings in files of Yarn 1: the answer of its own bundle, and ours. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { WrittenCase } from '../../support/settings-readers/subject.ts';
import { askYarnClassic, readYarnClassic } from '../../support/settings-readers/yarn-classic.ts';
import { guardableClassics } from '../../support/managers.ts';

interface Row {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Every setting that is set, `rc` before what is an option. `refused`: Yarn stops. `<…>`: a path below the case's folder. */
  readonly says: Readonly<Record<string, string>> | 'refused';
}

const rc = (title: string, text: string, says: Row['says']): Row => ({
  title,
  files: { 'project/inner/.yarnrc': text },
  says,
});
const META = 'enable-meta-folder';

const rows: readonly Row[] = [
  rc('a word', 'enable-meta-folder a\n', { [META]: 'a' }),
  rc('text between quotes, with escapes', `${META} "a \\u0041\\"\\\\"\n`, { [META]: 'a A"\\' }),
  rc('a name between quotes', `"enable-met\\u0061-folder" a\n`, { [META]: 'a' }),
  rc('single quotes, which make it YAML', `${META}: 'a'\n`, { [META]: 'a' }),
  rc('single quotes that are neither', `${META} 'a'\n`, {}),
  rc('true and false', `${META} true\nignore-scripts false\n`, { [META]: 'true' }),
  rc('a word that begins like true', `${META} trueish false\n`, { [META]: 'true' }),
  rc('a number', `${META} 12\n`, { [META]: '12' }),
  rc('a version, which is a number and a name', `${META} 1.2\n`, {}),
  rc('a comment', `# b\n${META} a # c\n`, { [META]: 'a' }),
  rc('a colon', `${META}: a\n`, { [META]: 'a' }),
  rc('two names', `${META}, yarn-offline-mirror-pruning a\n`, {
    [META]: 'a',
    'yarn-offline-mirror-pruning': 'a',
  }),
  rc('the last of two', `${META} a\n${META} b\n`, { [META]: 'b' }),
  rc('two settings in a line', `${META} a ignore-scripts true\n`, {
    [META]: 'a',
    'ignore-scripts': 'true',
  }),
  rc('CRLF', `${META} a\r\n`, { [META]: 'a' }),
  rc('a lone CR', `${META} a\rignore-scripts true\r`, { [META]: 'a', 'ignore-scripts': 'true' }),
  rc('a byte order mark', `\uFEFF${META} a\n`, { [META]: 'a' }),
  rc('a setting below another', `env:\n  ${META} a\n`, {}),
  rc('indentation without a parent', `  ${META} a\n`, { [META]: 'a' }),
  rc('YAML with two of a name', `${META}: 'a'\n${META}: 'b'\n`, 'refused'),
  rc('neither format', `${META} [\n@: : x\n`, 'refused'),
  rc('a variable, which is not replaced', `${META} "\${A}"\n`, { [META]: '${A}' }),
  rc('a path', 'cache-folder "../c"\n', { 'cache-folder': '<project/c>' }),
  rc('a path that begins with ~', 'cache-folder "~/c"\n', {
    'cache-folder': '<project/inner/~/c>',
  }),
  rc('an option for a command', '--install.cache-folder c\n--modules-folder ./m\n', {
    'rc --install.cache-folder': '<project/inner/c>',
    'rc --modules-folder': '<project/inner/m>',
  }),
  {
    title: 'the nearest file, from the package on',
    files: {
      'project/package.json': '{}',
      'project/inner/.yarnrc': `${META} a\n`,
      'project/.yarnrc': `${META} b\n`,
      'home/.yarnrc': `${META} c\n`,
    },
    says: { [META]: 'b' },
  },
  {
    title: 'the own file over that of all users, and those of folders above the package',
    files: {
      'project/.yarnrc': `${META} a\nyarn-path a.js\n`,
      'home/.yarnrc': `${META} b\nyarn-path b.js\n`,
      'prefix/etc/yarnrc': `${META} c\nignore-scripts true\n`,
      'project/inner/package.json': '{}',
    },
    says:
      process.getuid?.() === 0
        ? { [META]: 'c', 'ignore-scripts': 'true', 'rc yarn-path': '<home/b.js>' }
        : { [META]: 'b', 'ignore-scripts': 'true', 'rc yarn-path': '<home/b.js>' },
  },
  {
    title: 'yarnPath of a .yarnrc.yml over yarn-path beside it',
    files: {
      'project/inner/.yarnrc': 'yarn-path a.js\n',
      'project/inner/.yarnrc.yml': 'yarnPath: "b.js"\n--modules-folder: m\n',
    },
    says: { 'rc yarn-path': '<project/inner/b.js>' },
  },
  {
    title: 'the file that YARN_CONFIG names, for options alone',
    files: { 'home/.yarnrc': 'yarn-path a.js\n', named: `yarn-path b.js\n${META} a\n` },
    env: { YARN_CONFIG: '../../named' },
    says: { 'rc yarn-path': '<b.js>' },
  },
  {
    title: 'variables over every file, Yarn’s own over those of npm',
    files: {
      'project/inner/.yarnrc': 'cache-folder a\n',
      'project/inner/.npmrc': 'cache-folder=d\n',
    },
    env: { Yarn_cache_Folder: 'b', npm_config_cache_folder: 'c' },
    says: { 'cache-folder': 'b' },
  },
  {
    title: 'an .npmrc, where no .yarnrc has it',
    files: {
      'project/inner/.npmrc':
        'cache-folder=~/d\nyarn-offline-mirror=./m\nenable-meta-folder=${A}\n',
    },
    says: {
      'cache-folder': '~/d',
      'yarn-offline-mirror': '<project/inner/m>',
      [META]: 'alpha',
    },
  },
  {
    title: 'ignore-scripts of an .npmrc, which Yarn 1 does not take',
    files: { 'project/inner/.npmrc': 'ignore-scripts=true\n' },
    env: { npm_config_ignore_scripts: 'true' },
    says: {},
  },
];

const root = mkdtempSync(join(tmpdir(), 'tarwarden-yarn-classic-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const cases = rows.map(({ files, env = {} }, at): WrittenCase => {
  const folder = join(root, String(at));
  for (const name of ['home', 'project/inner']) mkdirSync(join(folder, name), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { files, env: { A: 'alpha', ...env }, folder };
});

type Answer = Readonly<Record<string, string>> | string;

function said(folder: string, answer: Answer): Row['says'] {
  if (typeof answer === 'string') return 'refused';
  const short = (text: string): string =>
    text.startsWith(`${folder}/`) ? `<${text.slice(folder.length + 1)}>` : text;
  return Object.fromEntries(Object.entries(answer).map(([name, text]) => [name, short(text)]));
}

describe.each(guardableClassics)('of %s', (client) => {
  test('is what the client itself says, file by file', async () => {
    const answers = await askYarnClassic(client, cases);
    for (const [at, { title, says }] of rows.entries()) {
      const { folder } = cases[at]!;
      expect.soft(said(folder, answers[at]!), `${title}: Yarn`).toEqual(says);
      expect.soft(said(folder, readYarnClassic(cases[at]!)), title).toEqual(says);
    }
    expect.assertions(2 * rows.length);
  });
});
