import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { goLayers, goSetting } from '@tarwarden/settings';
import { findProgram } from '../../support/programs.ts';
import { missingPrograms } from '../../support/requirements.ts';
import type { Random } from '../random.ts';
import { askOne, environmentOf, lines, oddText, whereIs } from './neighbours.ts';
import type { Answer, SettingsSubject, WrittenCase } from './subject.ts';

/** Settings of go that this repository reads. */
export const GO_NAMES = [
  'GOPROXY',
  'GOPRIVATE',
  'GONOPROXY',
  'GONOSUMDB',
  'GOMODCACHE',
  'GOPATH',
  'GOAUTH',
  'GOFLAGS',
];

export async function askGo(written: WrittenCase): Promise<Answer> {
  const cwd = join(written.folder, 'project');
  const env = { PATH: process.env['PATH'] ?? '', GOTOOLCHAIN: 'local', ...environmentOf(written) };
  const text = await askOne(findProgram('go') ?? 'go', ['env', '-json', ...GO_NAMES], { cwd, env });
  return text === undefined ? 'refused' : (JSON.parse(text) as Answer);
}

export function goAnswer(written: WrittenCase): Answer {
  const where = whereIs(written);
  const layers = goLayers(where);
  if (layers.some(({ unreadable }) => unreadable !== undefined)) return 'refused';
  return Object.fromEntries(GO_NAMES.map((name) => [name, goSetting(layers, where, name)]));
}

export const goSubject: SettingsSubject = {
  client: 'go',
  isAvailable: !missingPrograms.includes('go'),
  batch: 50,
  generate: (random) => ({
    files: Object.fromEntries(
      ['home/.config/go/env', 'home/named', 'project/env', 'root/go.env']
        .filter(() => random.chance(2))
        .map((file) => [file, lines(random, () => line(random))]),
    ),
    env: Object.fromEntries(
      VARIABLES.filter(() => random.chance(4)).map(([name, values]) => [name, random.pick(values)]),
    ),
  }),
  async ask(cases) {
    const answers: Answer[] = [];
    for (const written of cases) {
      mkdirSync(join(written.folder, 'root'), { recursive: true });
      // oxlint-disable-next-line no-await-in-loop -- a start takes some milliseconds, and there are two cores
      answers.push(await askGo(written));
    }
    return answers;
  },
  read: goAnswer,
};

const VARIABLES: readonly (readonly [string, readonly string[]])[] = [
  ['GOENV', ['', 'off', '@/home/named', 'env', 'missing']],
  ['XDG_CONFIG_HOME', ['', '@/home/.config', 'home']],
  ['GOPROXY', ['', 'https://c.test', 'off']],
  ['GOPRIVATE', ['', 'a.test']],
  ['GOPATH', ['', '/one:/two', ':/two']],
  ['GOROOT', ['@/root']],
];

function line(random: Random): string {
  if (random.chance(8)) return random.pick(['', '# GOPROXY=x', oddText(random)]);
  const indent = random.chance(12) ? ' ' : '';
  const name = random
    .pick([...GO_NAMES, 'goproxy', 'GoProxy', 'GOPROXY ', 'A'])
    .replace(/^GO(?:PATH|MODCACHE)$/, 'GOPROXY');
  const value = random.pick(['https://a.test', '', 'off', '"x y"', oddText(random)]);
  return `${indent}${name}${random.chance(15) ? ' = ' : '='}${value}`;
}
