// @module-tag ruby
/** Settings files of RubyGems and Bundler: what Gem::ConfigFile and Bundler::Settings say, and what we say. */
import { describe, expect, it } from 'vitest';
import { bundlerLayers, bundlerMirror, gemrcLayer } from '@tarwarden/settings';
import { answersTo, inForce, whereIs } from '../../support/settings-readers/neighbours.ts';
import { askRuby } from '../../support/settings-readers/ruby.ts';
import { rubies } from '../../support/gem/rubies.ts';

const A = 'https://a.test/';
const B = 'https://b.test/';

type Row = readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>> | 'refused',
];

const list = (...sources: readonly string[]): string => JSON.stringify(sources);
const gemrc = (source: string): string => `---\n:sources:\n- ${source}\n`;

const GEMRC: readonly Row[] = [
  ['~/.gemrc', { 'home/.gemrc': gemrc(A) }, {}, { ':sources': list(A) }],
  ['the file of XDG', { 'home/.config/gem/gemrc': gemrc(A) }, {}, { ':sources': list(A) }],
  [
    '~/.gemrc before that of XDG',
    { 'home/.gemrc': gemrc(A), 'home/.config/gem/gemrc': gemrc(B) },
    {},
    { ':sources': list(A) },
  ],
  [
    'XDG_CONFIG_HOME',
    { 'home/xdg/gem/gemrc': gemrc(A) },
    { XDG_CONFIG_HOME: '@/home/xdg' },
    { ':sources': list(A) },
  ],
  ['an empty XDG_CONFIG_HOME', { 'home/.config/gem/gemrc': gemrc(A) }, { XDG_CONFIG_HOME: '' }, {}],
  [
    'GEMRC hides ~/.gemrc',
    { 'home/.gemrc': gemrc(A), 'home/a': gemrc(B) },
    { GEMRC: '@/home/a' },
    { ':sources': list(B) },
  ],
  ['an empty GEMRC hides ~/.gemrc', { 'home/.gemrc': gemrc(A) }, { GEMRC: '' }, {}],
  [
    'several files in GEMRC, the last one first',
    { 'home/a': gemrc(A), 'home/b': gemrc(B) },
    { GEMRC: '@/home/a:@/home/b' },
    { ':sources': list(B) },
  ],
  ['the name as a text', { 'home/.gemrc': `sources:\n- ${A}\n` }, {}, { ':sources': list(A) }],
  [
    'both names, the later one',
    { 'home/.gemrc': `sources:\n- ${A}\n:sources:\n- ${B}\n` },
    {},
    { ':sources': list(B) },
  ],
  [
    'an anchor and an alias',
    { 'home/.gemrc': `x: &x ${A}\n:sources:\n- *x\n` },
    {},
    { ':sources': list('*x') },
  ],
  ['a flow list', { 'home/.gemrc': `:sources: [${A}]\n` }, {}, { ':sources': `[${A}]` }],
  ['a merge key', { 'home/.gemrc': `x:\n  :sources: ${A}\n<<: *x\n` }, {}, { '<<': '*x' }],
  [
    'a comment in quotes',
    { 'home/.gemrc': `gem: "--no-document # x"\n` },
    {},
    { gem: '--no-document' },
  ],
  [
    'quotes without escapes',
    { 'home/.gemrc': `:sources:\n- "https://a.test/\\u0041"\n` },
    {},
    { ':sources': list('https://a.test/\\u0041') },
  ],
  ['CRLF', { 'home/.gemrc': `:sources:\r\n- ${A}\r\n` }, {}, { ':sources': list(A) }],
  [
    'a lone carriage return',
    { 'home/.gemrc': `:sources:\r- ${A}\r` },
    {},
    { ':sources': `\r- ${A}\r` },
  ],
  ['a byte order mark', { 'home/.gemrc': `\uFEFF:verbose: x\n` }, {}, { '\uFEFF:verbose': 'x' }],
  ['a name twice', { 'home/.gemrc': `:gemhome: /a\n:gemhome: /b\n` }, {}, { ':gemhome': '/b' }],
  ['an item of no list', { 'home/.gemrc': `- ${A}\n` }, {}, 'refused'],
  ['a line that is indented too far', { 'home/.gemrc': `a: b\n    :x: y\n` }, {}, 'refused'],
  ['a name that RubyGems does not believe', { 'home/.gemrc': `:sources: x: ${A}\n` }, {}, {}],
];

const USER = 'home/.bundle/config';
const GEMFILE = { 'project/Gemfile': '' };
const config = (path: string): string => `---\nBUNDLE_PATH: "${path}"\n`;

const BUNDLER: readonly Row[] = [
  ['the file of the user', { [USER]: config('a') }, {}, { BUNDLE_PATH: 'a' }],
  ['a variable before it', { [USER]: config('a') }, { BUNDLE_PATH: 'b' }, { BUNDLE_PATH: 'b' }],
  [
    'an empty variable before it',
    { [USER]: config('a') },
    { BUNDLE_PATH: '' },
    { BUNDLE_PATH: '' },
  ],
  [
    'the file of the project before a variable',
    { ...GEMFILE, 'project/.bundle/config': config('a') },
    { BUNDLE_PATH: 'b' },
    { BUNDLE_PATH: 'a' },
  ],
  [
    'the file beside a Gemfile above',
    { Gemfile: '', '.bundle/config': config('a') },
    {},
    { BUNDLE_PATH: 'a' },
  ],
  ['the file above without a Gemfile', { '.bundle/config': config('a') }, {}, { BUNDLE_PATH: 'a' }],
  ['the file above a nearer Gemfile', { ...GEMFILE, '.bundle/config': config('a') }, {}, {}],
  ['gems.rb above', { 'gems.rb': '', '.bundle/config': config('a') }, {}, { BUNDLE_PATH: 'a' }],
  [
    'BUNDLE_GEMFILE',
    { ...GEMFILE, 'x.gemfile': '', '.bundle/config': config('a') },
    { BUNDLE_GEMFILE: '../x.gemfile' },
    { BUNDLE_PATH: 'a' },
  ],
  [
    'BUNDLE_APP_CONFIG',
    { ...GEMFILE, 'project/app/config': config('a'), 'project/.bundle/config': config('b') },
    { BUNDLE_APP_CONFIG: 'app' },
    { BUNDLE_PATH: 'a' },
  ],
  [
    'an empty BUNDLE_APP_CONFIG',
    { ...GEMFILE, 'project/config': config('a') },
    { BUNDLE_APP_CONFIG: '' },
    { BUNDLE_PATH: 'a' },
  ],
  [
    'BUNDLE_USER_HOME',
    { [USER]: config('a'), 'home/own/config': config('b') },
    { BUNDLE_USER_HOME: '@/home/own' },
    { BUNDLE_PATH: 'b' },
  ],
  [
    'an empty BUNDLE_USER_HOME',
    { [USER]: config('a') },
    { BUNDLE_USER_HOME: '' },
    { BUNDLE_PATH: 'a' },
  ],
  [
    'BUNDLE_USER_CONFIG',
    { [USER]: config('a'), 'home/c': config('b') },
    { BUNDLE_USER_CONFIG: '@/home/c' },
    { BUNDLE_PATH: 'b' },
  ],
  [
    'BUNDLE_CONFIG',
    { [USER]: config('a'), 'home/c': config('b') },
    { BUNDLE_CONFIG: '@/home/c' },
    { BUNDLE_PATH: 'b' },
  ],
  [
    'BUNDLE_IGNORE_CONFIG, even if it is empty',
    { [USER]: config('a') },
    { BUNDLE_IGNORE_CONFIG: '' },
    {},
  ],
  [
    'dots and hyphens in a key',
    { [USER]: 'BUNDLE_GEMS.A-B.TEST: "x:y"\n' },
    {},
    { BUNDLE_GEMS__A___B__TEST: 'x:y' },
  ],
  [
    'an address without its last slash',
    { [USER]: `BUNDLE_MIRROR__HTTPS://RUBYGEMS.ORG: ${A}\n` },
    {},
    { 'BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/': A },
  ],
  ['a merge key', { [USER]: `X:\n  BUNDLE_PATH: a\n<<: *x\n` }, {}, { '<<': '*x' }],
  ['a comment in quotes', { [USER]: 'BUNDLE_PATH: "a # b"\n' }, {}, { BUNDLE_PATH: 'a' }],
  [
    'a password with a number sign in quotes',
    { [USER]: 'BUNDLE_A__TEST: "me:se#cret"\n' },
    {},
    { BUNDLE_A__TEST: 'me:se' },
  ],
  ['CRLF', { [USER]: 'BUNDLE_PATH: "a"\r\n' }, {}, { BUNDLE_PATH: 'a' }],
  ['a byte order mark', { [USER]: '\uFEFFBUNDLE_PATH: "a"\n' }, {}, { '\uFEFFBUNDLE_PATH': 'a' }],
  ['a name twice', { [USER]: 'BUNDLE_PATH: a\nBUNDLE_PATH: b\n' }, {}, { BUNDLE_PATH: 'b' }],
  ['an item of no list', { [USER]: '- a\n' }, {}, 'refused'],
];

const RUBYGEMS = 'https://rubygems.org/';
const MIRRORS: readonly Row[] = [
  ['no mirror', {}, {}, { mirror: RUBYGEMS }],
  [
    'a mirror of the source',
    { [USER]: `BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: ${A}x\n` },
    {},
    { mirror: `${A}x/` },
  ],
  [
    'one for all before it',
    { [USER]: `BUNDLE_MIRROR__ALL: ${B}\nBUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: ${A}\n` },
    {},
    { mirror: B },
  ],
  ['a mirror of the host', { [USER]: `BUNDLE_MIRROR__RUBYGEMS__ORG: ${A}\n` }, {}, { mirror: A }],
  [
    'one of the source before one of the host',
    { [USER]: `BUNDLE_MIRROR__RUBYGEMS__ORG: ${A}\nBUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG: ${B}\n` },
    {},
    { mirror: B },
  ],
  ['a variable', {}, { BUNDLE_MIRROR__ALL: A }, { mirror: A }],
];

const likely = (expected: Row[3]): unknown =>
  expected === 'refused' ? expected : expect.objectContaining(expected);

describe.each(rubies)('settings of $name', async (gems) => {
  const made = (rows: readonly Row[]) => rows.map(([, files, env]) => ({ files, env }));
  const named = (rows: readonly Row[], answers: Awaited<ReturnType<typeof answersTo>>) =>
    rows.map(([name, , , expected], at) => [name, expected, answers[at]!] as const);

  describe('gemrc:', async () => {
    const answers = await answersTo(made(GEMRC), {
      ask: async (cases) => askRuby('rubygems', gems, cases),
      read: (written) => inForce([gemrcLayer(whereIs(written))]),
    });
    it.each(named(GEMRC, answers))('%s', (_, expected, { client, ours }) => {
      expect(ours).toEqual(client);
      expect(ours).toEqual(likely(expected));
    });
  });

  describe('Bundler:', async () => {
    const answers = await answersTo(made(BUNDLER), {
      ask: async (cases) => askRuby('bundler', gems, cases),
      read: (written) => inForce(bundlerLayers(whereIs(written))),
    });
    it.each(named(BUNDLER, answers))('%s', (_, expected, { client, ours }) => {
      expect(ours).toEqual(client);
      expect(ours).toEqual(likely(expected));
    });
  });

  describe('Bundler:', async () => {
    const answers = await answersTo(made(MIRRORS), {
      ask: async (cases) => askRuby('mirror', gems, cases),
      read: (written) => ({ mirror: bundlerMirror(bundlerLayers(whereIs(written)), RUBYGEMS) }),
    });
    it.each(named(MIRRORS, answers))('%s', (_, expected, { client, ours }) => {
      expect(ours).toEqual(client);
      expect(ours).toEqual(likely(expected));
    });
  });
});
