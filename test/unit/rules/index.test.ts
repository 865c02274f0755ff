import { DEFAULT_POLICY } from '@tarwarden/core';
import { metadataFileClaim } from '@tarwarden/core/metadata';
import { weighClaims } from '@tarwarden/core/policy';
import { formatBlock } from '@tarwarden/core/report';
import { expect, it } from 'vitest';
import {
  gemBeside,
  metadataOf,
  onPage,
  sdistVerdict,
  wheelBeside,
  type Needed,
} from '../../support/index-word.ts';
import { inspected } from '../../support/inspected.ts';
import { describeRule, error, warning, rows, type Sample } from '../../support/rule-table.ts';
import { wheel } from '../../support/wheel.ts';

/** A wheel with this METADATA, beside this metadata file of an index. */
const ofWheel =
  (metadata: string, file: string): Sample =>
  () =>
    wheelBeside(metadata, file);
/** A gem with these dependencies, beside an entry of a compact index. */
const ofGem =
  (needed: Needed, entry: string, own?: string): Sample =>
  () =>
    gemBeside(needed, entry, own);
const needs = metadataOf('Requires-Dist: helper (>=1.0)', "Requires-Dist: fast ; extra == 'x'");
const ANY: Needed[number][1] = ['>=', '0'];

const sdistBeside =
  (...lines: string[]): Sample =>
  () =>
    weighClaims(
      sdistVerdict(metadataOf('Requires-Dist: helper', ...lines).replace('2.1', '2.2')),
      [metadataFileClaim(Buffer.from(metadataOf()), 'the metadata file')],
      { policy: DEFAULT_POLICY },
    );
const MANY = Array.from({ length: 5000 }, (_, n) => `Requires-Dist: a${n} (>=1)`);
const SPACES = ' '.repeat(20_000);

describeRule('index-hides-dependency', error(), {
  reports: {
    'a wheel whose dependency the metadata file lacks': [
      ofWheel(needs, metadataOf("Requires-Dist: fast; extra == 'x'")),
      { says: 'the archive needs "helper>=1.0", and the metadata file does not show it' },
    ],
    'a gem of which the index lists no dependency': [
      ofGem(
        [
          ['rack', ['~>', '3.0']],
          ['json', ANY],
        ],
        '|checksum:00',
      ),
      {},
      {},
    ],
    'an sdist for dependencies that are static': sdistBeside(),
  },
  silent: {
    'an sdist for dependencies that are not': sdistBeside('Dynamic: Requires-Dist'),
    'long lists, and soon': ofWheel(metadataOf(...MANY), metadataOf(...MANY.toReversed())),
    'long versions, and soon': ofGem(
      [['a', ['>=', `1${'.0'.repeat(20_000)}`]]],
      `a:>=${SPACES}1${SPACES}`,
    ),
    'other spellings and line endings': ofWheel(
      needs,
      metadataOf('requires-dist: Fast;extra=="x"', 'Requires-Dist: HELPER>=1.0').replaceAll(
        '\n',
        '\r\n',
      ),
    ),
    'a dependency that stands twice': ofGem(
      [
        ['rack', ['>=', '0.0.0'], ['<', '4']],
        ['rack', ['>', '1.0']],
      ],
      'rack:> 1&< 4.0,',
    ),
  },
});

it('lets a policy except a hidden dependency for the exact archive', () => {
  const hidden = wheelBeside(needs, metadataOf());
  const exception = {
    package: 'fixture@1.0.0',
    rule: 'index-other-dependencies',
    sha512: hidden.archive.sha512,
    reason: 'seen',
    expires: '9999-12-31',
  } as const;
  const verdict = wheelBeside(needs, metadataOf(), { ...DEFAULT_POLICY, exceptions: [exception] });
  expect(verdict.of('index-hides-dependency')).toMatchObject([
    { excepted: 'seen' },
    { excepted: 'seen' },
  ]);
  expect(verdict.status).toBe('accept');
});

describeRule('index-adds-dependency', error(), {
  reports: {
    'a wheel for which the metadata file has one dependency more': [
      ofWheel(metadataOf(), metadataOf('Requires-Dist: dropper')),
      { says: 'the metadata file shows "dropper"' },
    ],
    'a gem for which the index has one dependency more': [
      ofGem([['rack', ['>=', '1']]], 'dropper:>= 0,rack:>= 1|ruby:>= 3.0'),
      { says: 'the compact index shows "dropper"' },
    ],
  },
  silent: {
    'equal dependencies of a wheel in another order': ofWheel(
      metadataOf('Requires-Dist: a', 'Requires-Dist: b[y,x]<2,>=1'),
      metadataOf('Requires-Dist: b[X, Y] (>=1, <2)', 'Requires-Dist: a', 'License: MIT'),
    ),
    'equal dependencies of a gem in another order': ofGem(
      [
        ['b', ['=', '1']],
        ['a', ANY],
      ],
      'a:>= 0,b:= 1.0|',
    ),
  },
});

it('shows an exception to write, because no command finds the dependency in the archive alone', () => {
  const verdict = wheelBeside(metadataOf(), metadataOf('Requires-Dist: dropper'));
  const text = formatBlock({ subject: 'fixture@1.0.0', verdict, isOfOwnIndex: true });
  expect(text).toContain('refused fixture@1.0.0: its registry, index or lockfile contradicts it');
  expect(text).toContain('{"package":"fixture@1.0.0","rule":"index-other-dependencies"');
  expect(text).not.toContain('tarwarden explain');
  expect(text).not.toContain('tarwarden allow pypi:');
});

const BY_SYSTEM = ['Requires-Dist: a; os_name=="nt"', 'Requires-Dist: a>1; os_name=="posix"'];

describeRule('index-other-dependency', warning(), {
  reports: {
    'another requirement or condition in the metadata file of a wheel': [
      ofWheel(
        metadataOf('Requires-Dist: helper>=2', 'Requires-Dist: both'),
        metadataOf('Requires-Dist: helper', 'Requires-Dist: both; python_version < "3"'),
      ),
      { level: 'error', says: '"both; python_version<\\"3\\""' },
      { level: 'error', says: 'and the archive needs "helper>=2"' },
    ],
    'a gem for which the index has another requirement': ofGem(
      [['thor', ['>=', '0.19.4'], ['<', '0.21.0']]],
      'thor:< 0.21.0|',
    ),
    'a looser `~>`, which is not the same with zeros': ofGem([['a', ['~>', '2.0.0']]], 'a:~> 2.0|'),
  },
  silent: {
    'parentheses around one comparison in a marker': ofWheel(
      metadataOf(`Requires-Dist: a; (os_name == 'nt') and (extra == "x" or extra == "y")`),
      metadataOf('Requires-Dist: a ; os_name=="nt" and (extra=="x" or extra=="y")'),
    ),
    'the same requirement with zeros': ofGem([['a', ['>=', '1.0.0']]], 'a:>= 1|'),
    'the same requirement in several lines': ofWheel(
      metadataOf(...BY_SYSTEM),
      metadataOf(...BY_SYSTEM.toReversed(), 'A: b'),
    ),
  },
});

const OWN = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);

describeRule('index-other-checksum', error(), {
  reports: {
    'a gem with another SHA-256 than the index has': [
      ofGem([], `|checksum:${OTHER},ruby:>= 3.0`, OWN),
      { says: `"${OTHER}"` },
    ],
  },
  silent: {
    'capital letters': ofGem([], `|ruby:>= 3.0,checksum:${OWN.toUpperCase()}`, OWN),
    ...rows(
      ['|ruby:>= 3.0', ''],
      (entry) => ofGem([], entry, OWN),
      'an index without checksums: %s',
    ),
  },
});

const wheelOnPage =
  (python: string, ...lines: string[]): Sample =>
  () =>
    onPage(
      inspected(wheel({ info: { METADATA: metadataOf(...lines) } }), { format: 'wheel' }),
      python,
    );
const sdistOnPage =
  (python: string, metadata: string): Sample =>
  () =>
    onPage(sdistVerdict(metadata), python);

describeRule('index-other-language', warning(), {
  reports: {
    'another Python on the page': [
      wheelOnPage('>=3.6', 'Requires-Python: >=3.12'),
      { says: 'the page has Python ">=3.6", and the archive ">=3.12"' },
    ],
    'one for a wheel without Requires-Python': wheelOnPage('<3'),
    'one for an sdist whose metadata is static': sdistOnPage(
      '>=3.8',
      metadataOf('Requires-Python: >=3.9').replace('2.1', '2.4'),
    ),
    'another Ruby or RubyGems': [ofGem([], '|ruby:>= 2.0,rubygems:> 1.3.1'), {}, {}],
  },
  silent: {
    'another spelling': wheelOnPage('!=3.7.*,>=3.6', 'Requires-Python: >=3.6, !=3.7.*'),
    'an sdist of old metadata': sdistOnPage('>=3.8', metadataOf('Requires-Python: >=3.9')),
    'metadata that a build computes': sdistOnPage(
      '>=3.8',
      metadataOf('Requires-Python: >=3.9', 'Dynamic: Requires-Python').replace('2.1', '2.2'),
    ),
    ...rows(['|ruby:>= 3', '|ruby:>= 3.0.0,rubygems:>= 0'], (entry) => ofGem([], entry)),
  },
});

const BOTH = metadataOf('Requires-Python: >=3.8, <4', 'Provides-Extra: fast');

describeRule('index-other-metadata', error(), {
  reports: rows(
    {
      'another name': [BOTH.replace('fixture', 'other'), 'the name "other"'],
      'another version': [BOTH.replace('1.0.0', '1.0.1'), 'the version "1.0.1"'],
      'another Requires-Python': [BOTH.replace('>=3.8', '>=3.7'), 'Requires-Python "<4,>=3.7"'],
      'no Requires-Python': [metadataOf('Provides-Extra: fast'), 'Requires-Python ""'],
      'another extra': [BOTH.replace('fast', 'slow'), 'the extras "slow"'],
      'two versions': [BOTH.replace('Provides', 'Version: 2\nProvides'), '2 fields "version"'],
    },
    ([file = '', says = '']) => [ofWheel(BOTH, file), { says }],
  ),
  silent: {
    'other spellings of name, version, Python and extra': ofWheel(
      BOTH,
      BOTH.replace('fixture', 'Fixture')
        .replace('1.0.0', '1.0')
        .replace('>=3.8, <4', '<4,>=3.8')
        .replace('fast', 'FAST'),
    ),
  },
});

const GPL = metadataOf('License: GPL');
const DESCRIBED = `${GPL}\nA description\nof two lines\n`;

describeRule('index-other-text', warning(), {
  reports: {
    'another licence': ofWheel(GPL, metadataOf('License: MIT')),
    'another description': ofWheel(GPL, `${metadataOf()}\nAnother description\n`),
  },
  silent: {
    'the same text': ofWheel(DESCRIBED, DESCRIBED),
    'other line endings and empty lines at the end': ofWheel(
      DESCRIBED,
      `${DESCRIBED.replaceAll('\n', '\r\n')}\n\n`,
    ),
  },
});
