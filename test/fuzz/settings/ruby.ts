import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundlerLayers, gemrcLayer } from '@tarwarden/settings';
import { rubies, type RubyGems } from '../../support/gem/rubies.ts';
import { missingPrograms } from '../../support/requirements.ts';
import type { Random } from '../random.ts';
import { askAll, inForce, lines, oddText, whereIs } from './neighbours.ts';
import type { Answer, SettingsSubject, WrittenCase } from './subject.ts';

const script = fileURLToPath(new URL('ruby-config.rb', import.meta.url));

/** A Ruby program's own answers, by a RubyGems. */
export function askRuby(
  asked: 'rubygems' | 'bundler' | 'mirror',
  { ruby, lib }: RubyGems,
  cases: readonly WrittenCase[],
): readonly Answer[] {
  const from = lib === undefined ? [] : ['-I', lib];
  return askAll(ruby, ['-EUTF-8', '-W0', ...from, script, asked], cases);
}

/** The names of all settings that Bundler knows, but for those with a host, a gem or an address in them. */
export function bundlerSettings({ ruby, lib }: RubyGems): readonly string[] {
  const code = `
require "bundler"
lists = %i[BOOL_KEYS NUMBER_KEYS ARRAY_KEYS STRING_KEYS]
print lists.flat_map {|list| Bundler::Settings.const_get(list) }.uniq.join(" ")
`;
  const from = lib === undefined ? [] : ['-I', lib];
  return execFileSync(ruby, [...from, '-e', code], { encoding: 'utf8' }).split(' ');
}

const isAvailable = !missingPrograms.includes('ruby');

const GEMRC_FILES = ['home/.gemrc', 'home/.config/gem/gemrc', 'home/a', 'home/b', 'project/a'];
const BUNDLER_FILES = [
  'home/.bundle/config',
  'home/own/config',
  'project/.bundle/config',
  '.bundle/config',
  'project/app/config',
  'home/named',
];

export const rubySubjects: readonly SettingsSubject[] = rubies.flatMap(
  (gems): SettingsSubject[] => [
    {
      client: `rubygems-${gems.version}`,
      isAvailable,
      batch: 200,
      generate: (random) => ({
        files: someFiles(random, GEMRC_FILES, gemrcLine),
        env: variables(random, [
          ['GEMRC', ['', '@/home/a', '@/home/a:@/home/b', '@/home/b:a', 'a']],
          ['XDG_CONFIG_HOME', ['', '@/home/.config', '../home/.config']],
        ]),
      }),
      ask: async (cases) => askRuby('rubygems', gems, cases),
      read: (written) => inForce([gemrcLayer(whereIs(written))]),
    },
    {
      client: `bundler-${gems.bundler}`,
      isAvailable,
      batch: 200,
      generate: (random) => ({
        files: {
          ...someFiles(random, BUNDLER_FILES, bundlerLine),
          ...(random.chance(3) ? {} : { [random.pick(['project/Gemfile', 'gems.rb'])]: '' }),
        },
        env: variables(random, [
          ['BUNDLE_PATH', ['', 'x', 'false']],
          ['BUNDLE_', ['x']],
          ['BUNDLE_GEMFILE', ['', '@/gems.rb', '../gems.rb']],
          ['BUNDLE_APP_CONFIG', ['', 'app', '@/project/app']],
          ['BUNDLE_USER_HOME', ['', '@/home/own', '../home/own']],
          ['BUNDLE_USER_CONFIG', ['', '@/home/named']],
          ['BUNDLE_CONFIG', ['', '@/home/named']],
          ['BUNDLE_IGNORE_CONFIG', ['', '1']],
        ]),
      }),
      ask: async (cases) => askRuby('bundler', gems, cases),
      read: (written) => inForce(bundlerLayers(whereIs(written))),
    },
  ],
);

function someFiles(
  random: Random,
  names: readonly string[],
  line: (random: Random) => string,
): Record<string, string> {
  const chosen = names.filter((_, at) => at === 0 || random.chance(3));
  return Object.fromEntries(chosen.map((name) => [name, lines(random, () => line(random))]));
}

function variables(
  random: Random,
  all: readonly (readonly [string, readonly string[]])[],
): Record<string, string> {
  return Object.fromEntries(
    all.filter(() => random.chance(4)).map(([name, values]) => [name, random.pick(values)]),
  );
}

function gemrcLine(random: Random): string {
  const name = random.pick([
    ':sources',
    'sources',
    'gem',
    ':verbose',
    'http://a__b/',
    random.chance(6) ? 'a: b' : ':gemhome',
    'ssl_ca_cert',
  ]);
  return yamlLine(random, name);
}

function bundlerLine(random: Random): string {
  const name = random.pick([
    'BUNDLE_PATH',
    'BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/',
    'BUNDLE_MIRROR__HTTPS://RUBYGEMS.ORG',
    'BUNDLE_MIRROR__HTTPS://A__FALLBACK_TIMEOUT',
    'BUNDLE_MIRROR__ALL',
    'BUNDLE_GEMS__A-B__TEST',
    'BUNDLE_WITHOUT',
    'bundle_path',
    'X',
  ]);
  return yamlLine(random, name);
}

function yamlLine(random: Random, name: string): string {
  if (random.chance(12)) return random.pick(['---', '', '# x', '...', ' ', oddText(random)]);
  const indent = random.chance(9) ? random.pick([' ', '  ', '    ']) : '';
  const sign = random.chance(5) ? random.pick([':', ':  ', ' : ', ':\t']) : ': ';
  if (random.chance(random.chance(8) ? 1 : 30)) return `${indent}- ${scalar(random)}`;
  if (random.chance(4)) return `${name}:\n${indent}- ${scalar(random)}\n-  ${scalar(random)}`;
  if (random.chance(6)) return `${name}:\n  ${name}${sign}${scalar(random)}`;
  return `${indent}${name}${sign}${scalar(random)}${random.chance(12) ? oddText(random) : ''}`;
}

function scalar(random: Random): string {
  const quote = random.pick(['', '', '"', "'"]);
  const value = random.pick(['https://a.test/', '', 'true', '12', ':x', 'untrue']);
  const own = random.chance(4) ? oddText(random) : value;
  return `${quote}${own}${random.chance(8) ? '' : quote}`;
}
