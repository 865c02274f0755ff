import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { pipLayers } from '@tarwarden/settings';
import { missingPrograms } from '../../support/requirements.ts';
import type { Random } from '../random.ts';
import { askAll, inForce, lines, oddText, whereIs } from './neighbours.ts';
import type { Answer, SettingsSubject, WrittenCase } from './subject.ts';

const PYTHON = '/usr/bin/python3';
const script = fileURLToPath(new URL('pip-config.py', import.meta.url));

const FILES = [
  'home/.config/pip/pip.conf',
  'home/.pip/pip.conf',
  'home/xdg/pip/pip.conf',
  'home/shared/pip/pip.conf',
  'project/pip/pip.conf',
  'project/named.conf',
  'venv/pip.conf',
];

/** pip itself. `--options`: the options of `pip install`, not the settings. */
export function askPip(
  cases: readonly WrittenCase[],
  ...args: readonly string[]
): readonly Answer[] {
  return askAll(PYTHON, ['-X', 'utf8', script, ...args], cases);
}

/** The long names of all options of commands that fetch packages, in order. */
export function pipOptions(): readonly string[] {
  const code = `
from pip._internal.cli.status_codes import SUCCESS
from pip._internal.commands import create_command
commands = [create_command(name) for name in ("install", "download", "wheel")]
options = [option for command in commands for option in command.parser.option_list_all]
print(" ".join(sorted({name[2:] for option in options for name in option._long_opts})))
`;
  return execFileSync(PYTHON, ['-c', code], { encoding: 'utf8' }).trim().split(' ');
}

export function pipLayersOf(written: WrittenCase): ReturnType<typeof pipLayers> {
  return pipLayers({ ...whereIs(written), pythonPrefix: join(written.folder, 'venv') });
}

export const pipSubject: SettingsSubject = {
  client: 'pip',
  isAvailable: !missingPrograms.includes('pip'),
  batch: 200,
  generate: (random) => ({
    files: Object.fromEntries(
      FILES.filter(() => random.chance(3)).map((file) => [
        file,
        lines(random, (at) => line(random, at)),
      ]),
    ),
    env: variables(random),
  }),
  ask: async (cases) => askPip(cases),
  read: (written) => inForce(pipLayersOf(written)),
};

function line(random: Random, at: number): string {
  const indent = random.pick(['', '', '', '', '', '', '', '', ' ', '\t', '\u00A0']);
  if (random.chance(14)) return '';
  if (random.chance(14)) return `${indent}${random.pick(['#', ';'])} ${oddText(random)}`;
  if (at === 0 || random.chance(5)) {
    const name = random.pick(['global', 'install', 'DEFAULT', ':env:', 'a]b', 'Global', '']);
    return `${indent}[${at === 0 && !random.chance(9) ? 'global' : name}]${random.chance(9) ? oddText(random) : ''}`;
  }
  if (random.chance(30)) return indent + oddText(random);
  const sign = random.pick(['=', ' = ', ':', ' : ', '\u00A0=\u0085']);
  return `${indent}${random.pick(NAMES)}${sign}${random.chance(3) ? oddText(random) : 'https://b.test/'}`;
}

const NAMES = [
  'index-url',
  'Index_URL',
  'index_url',
  '--index-url',
  'extra-index-url',
  'extra_index_url',
  'no-index',
  'cert',
  'proxy',
  'cache-dir',
  'a b',
  'ÄB',
];

function variables(random: Random): Record<string, string> {
  const all: readonly (readonly [string, readonly string[]])[] = [
    ['PIP_INDEX_URL', ['https://c.test/', '']],
    ['PIP_NO-INDEX', ['1']],
    ['PIP_', ['x']],
    ['PIP___INDEX_URL', ['y']],
    ['PIP_VERSION', ['1']],
    ['pip_cert', ['no']],
    ['PIP_CONFIG_FILE', ['', 'named.conf', '@/project/named.conf', '/dev/null', 'missing']],
    ['XDG_CONFIG_HOME', ['', ' ', '@/home/xdg', '../home/xdg', '.']],
    ['XDG_CONFIG_DIRS', ['', '@/home/shared', '@/home/shared:', '@/home/shared:@/home/xdg']],
  ];
  return Object.fromEntries(
    all.filter(() => random.chance(4)).map(([name, values]) => [name, random.pick(values)]),
  );
}
