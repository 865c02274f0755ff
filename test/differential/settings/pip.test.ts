// @module-tag pip
/** Settings files of pip: what pip's own Configuration and the options of `pip install` say, and what we say. */
import { describe, expect, it } from 'vitest';
import { isPipSwitchOn, pipOption, pipWords } from '@tarwarden/settings';
import { answersTo } from '../../support/settings-readers/neighbours.ts';
import { askPip, pipLayersOf } from '../../support/settings-readers/pip.ts';
import type { Answer, WrittenCase } from '../../support/settings-readers/subject.ts';

const PYPI = 'https://pypi.org/simple';
const USER = 'home/.config/pip/pip.conf';
const A = 'https://a.test/';
const B = 'https://b.test/';

/** The options that we use, as `pip install` has them. */
function options(written: WrittenCase): Answer {
  try {
    const layers = pipLayersOf(written);
    const get = (name: string): string => pipOption(layers, 'install', name);
    return {
      index_url: get('index-url') || PYPI,
      extra_index_urls: String(pipWords(get('extra-index-url'))),
      no_index: String(isPipSwitchOn(get('no-index'))),
      proxy: get('proxy'),
    };
  } catch {
    return 'refused';
  }
}

/** pip prints lists as Python has them. */
function likeOurs(answer: Answer): Answer {
  if (answer === 'refused') return answer;
  const { index_url = '', extra_index_urls = '', no_index = '', proxy = '' } = answer;
  const list = extra_index_urls.replaceAll(/[[\]' ]/g, '');
  return {
    index_url,
    extra_index_urls: list,
    no_index: String(no_index !== '0' && no_index !== 'False'),
    proxy,
  };
}

const index = (url: string): string => `[global]\nindex-url = ${url}\n`;

type Row = readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>> | 'refused',
];

const ROWS: readonly Row[] = [
  ['nothing', {}, {}, { index_url: PYPI, no_index: 'false' }],
  ['the file of the user', { [USER]: index(A) }, {}, { index_url: A }],
  [
    '[install] before [global]',
    { [USER]: `${index(A)}[install]\nindex_url: ${B}` },
    {},
    { index_url: B },
  ],
  [
    'a variable before [install]',
    { [USER]: `[install]\nindex-url=${A}` },
    { PIP_INDEX_URL: B },
    { index_url: B },
  ],
  ['an empty variable', { [USER]: index(A) }, { PIP_INDEX_URL: '' }, { index_url: A }],
  [
    'an empty value in [install]',
    { [USER]: `${index(A)}[install]\nindex-url =\n` },
    {},
    { index_url: A },
  ],
  [
    'an empty value in the stronger file',
    { [USER]: index(''), 'home/.pip/pip.conf': index(A) },
    {},
    { index_url: PYPI },
  ],
  [
    'the old file and the new one',
    { 'home/.pip/pip.conf': index(A), [USER]: index(B) },
    {},
    { index_url: B },
  ],
  ['the old file alone', { 'home/.pip/pip.conf': index(A) }, {}, { index_url: A }],
  [
    'XDG_CONFIG_HOME',
    { 'home/xdg/pip/pip.conf': index(A), [USER]: index(B) },
    { XDG_CONFIG_HOME: '@/home/xdg' },
    { index_url: A },
  ],
  [
    'an empty XDG_CONFIG_HOME',
    { 'project/pip/pip.conf': index(A), [USER]: index(B) },
    { XDG_CONFIG_HOME: '' },
    { index_url: B },
  ],
  ['a blank XDG_CONFIG_HOME', { [USER]: index(B) }, { XDG_CONFIG_HOME: ' ' }, { index_url: B }],
  [
    'a relative XDG_CONFIG_HOME',
    { 'project/pip/pip.conf': index(A) },
    { XDG_CONFIG_HOME: '.' },
    { index_url: A },
  ],
  [
    'XDG_CONFIG_DIRS, the last one first',
    { 'home/a/pip/pip.conf': index(A), 'home/b/pip/pip.conf': index(B) },
    { XDG_CONFIG_DIRS: '@/home/a:@/home/b' },
    { index_url: B },
  ],
  [
    'an empty part of XDG_CONFIG_DIRS is the working folder',
    { 'project/pip/pip.conf': index(A) },
    { XDG_CONFIG_DIRS: '@/home/a:' },
    { index_url: A },
  ],
  [
    'a named file hides the one of the user',
    { [USER]: `${index(A)}no-index = 1`, 'home/named': '[global]\n' },
    { PIP_CONFIG_FILE: '@/home/named' },
    { index_url: PYPI, no_index: 'false' },
  ],
  [
    'a named file that is missing does not',
    { [USER]: index(A) },
    { PIP_CONFIG_FILE: '@/home/named' },
    { index_url: A },
  ],
  [
    'an empty PIP_CONFIG_FILE does not',
    { [USER]: index(A) },
    { PIP_CONFIG_FILE: '' },
    { index_url: A },
  ],
  [
    '/dev/null hides all files',
    { [USER]: index(A), 'venv/pip.conf': index(B) },
    { PIP_CONFIG_FILE: '/dev/null' },
    { index_url: PYPI },
  ],
  [
    'a virtual environment before the user',
    { [USER]: index(A), 'venv/pip.conf': index(B) },
    {},
    { index_url: B },
  ],
  [
    'a named file before the virtual environment',
    { 'venv/pip.conf': index(B), 'project/named': index(A) },
    { PIP_CONFIG_FILE: 'named' },
    { index_url: A },
  ],
  [
    'lines of one value, with a comment and an empty line',
    { [USER]: `[global]\nextra-index-url =\n  ${A}\n  # x\n\n  ${B}\n` },
    {},
    { extra_index_urls: `${A},${B}` },
  ],
  [
    'a list separated by spaces that only Python knows',
    { [USER]: `[global]\nextra-index-url = ${A}\u00A0${B}\u001C${A}x` },
    {},
    { extra_index_urls: `${A},${B},${A}x` },
  ],
  [
    'a comment behind a value',
    { [USER]: `[global]\nindex-url = ${A} # x` },
    {},
    { index_url: `${A} # x` },
  ],
  ['quotes', { [USER]: `[global]\nproxy = "${A}"` }, {}, { proxy: `"${A}"` }],
  [
    'no interpolation',
    { [USER]: `[global]\nproxy = %(x)s$\{HOME}%%\\u0041` },
    {},
    { proxy: '%(x)s${HOME}%%\\u0041' },
  ],
  ['CRLF', { [USER]: `[global]\r\nindex-url = ${A}\r\n` }, {}, { index_url: A }],
  [
    'a lone carriage return',
    { [USER]: `[global]\rindex-url = ${A}\rproxy = x\r` },
    {},
    { index_url: A, proxy: 'x' },
  ],
  ['a byte order mark', { [USER]: `\uFEFF${index(A)}` }, {}, 'refused'],
  ['a name twice', { [USER]: `${index(A)}Index-URL = ${B}\n` }, {}, 'refused'],
  [
    'a name twice in two spellings',
    { [USER]: `${index(A)}index_url = ${B}\n` },
    {},
    { index_url: B },
  ],
  ['a section twice', { [USER]: `${index(A)}[global]\n` }, {}, 'refused'],
  ['a line without a section', { [USER]: `index-url = ${A}\n` }, {}, 'refused'],
  ['a line without a value', { [USER]: `${index(A)}no-index\n` }, {}, 'refused'],
  [
    'an indented line is part of the value',
    { [USER]: `[global]\nproxy = x\n index-url = ${A}\n` },
    {},
    { index_url: PYPI, proxy: `x\nindex-url = ${A}` },
  ],
  [
    'an indented section is part of the value',
    { [USER]: `[global]\nproxy = x\n [install]\nindex-url = ${A}\n` },
    {},
    { index_url: A },
  ],
  [
    '[DEFAULT] is part of each section',
    { [USER]: `[DEFAULT]\nindex-url = ${A}\n[global]\n` },
    {},
    { index_url: A },
  ],
  ['[DEFAULT] alone', { [USER]: `[DEFAULT]\nindex-url = ${A}\n` }, {}, { index_url: PYPI }],
  [
    'a section :env: is as strong as a variable',
    { [USER]: `[install]\nindex-url = ${B}\n[:env:]\nindex-url = ${A}\n` },
    {},
    { index_url: A },
  ],
  ['another section', { [USER]: `[freeze]\nindex-url = ${A}\n` }, {}, { index_url: PYPI }],
  ['a switch', { [USER]: '[global]\nno-index = Y' }, {}, { no_index: 'true' }],
  ['a switch that is off', { [USER]: '[global]\nno-index = off' }, {}, { no_index: 'false' }],
  [
    'a name with hyphens in front',
    { [USER]: `[global]\n--index-url = ${A}` },
    {},
    { index_url: A },
  ],
];

describe('settings of pip', async () => {
  const cases = ROWS.map(([, files, env]) => ({ files, env }));
  const answers = await answersTo(cases, {
    ask: async (written) => askPip(written, '--options').map(likeOurs),
    read: options,
  });

  it.each(ROWS.map(([name, , , expected], at) => [name, expected, answers[at]!] as const))(
    '%s',
    (_, expected, { client, ours }) => {
      expect(ours).toEqual(client);
      if (expected === 'refused') expect(ours).toBe('refused');
      else expect(ours).toMatchObject(expected);
    },
  );
});
