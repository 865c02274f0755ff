import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-unsafe-class';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-unsafe-class', () => {
  it('rejects an object of another class', () => {
    const verdict = verdictOf({ gemspec: { metadata: '!ruby/object:Gem::Installer\n  x: y' } });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('Gem::Installer') },
    ]);
  });

  it.each([
    ['a known class where it is not an object', { authors: '!ruby/object:Gem::Version []' }],
    ['a hash of a class', { metadata: '!ruby/hash:Gem::Version {}' }],
    ['a symbol behind a bare tag', { summary: "! ':evil'" }],
  ])('rejects %s', (_, gemspec) => {
    expectRejected(verdictOf({ gemspec }), RULE, [{ level: 'error' }]);
  });

  it('rejects another symbol', () => {
    const verdict = verdictOf({ gemspec: { summary: ':evil' } });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('":evil"') },
    ]);
  });

  it.each([
    ['looks like a symbol', "':evil'"],
    ['is tagged as one', '!str evil'],
  ])('is silent about a text that %s', (_, summary) => {
    expectSilent(verdictOf({ gemspec: { summary } }), RULE);
  });

  it.each([
    [
      'a name of a dependency',
      `\n- !ruby/object:Gem::Dependency\n  name: !ruby/object:Gem::Platform\n    os: a\n  type: :runtime`,
    ],
    ['a key of a dependency', `\n- !ruby/object:Gem::Dependency\n  name: a\n  other: b`],
    [
      'a version without its form',
      `\n- !ruby/object:Gem::Dependency\n  name: a\n  requirement: !ruby/object:Gem::Requirement\n    requirements:\n    - - ">="\n      - !ruby/object:Gem::Version\n        version: "1;"`,
    ],
  ])('rejects %s that is of another type', (_, dependencies) => {
    const verdict = verdictOf({ gemspec: { dependencies } });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('"dependencies"') },
    ]);
  });

  it.each([
    ['a key', 'other: a'],
    ['an object', 'prerelease: !ruby/object:Gem::Version\n    version: "1"'],
    ['a list of lists', 'segments:\n  - - 1'],
    ['a text', 'hash: a'],
  ])('rejects %s in the version that RubyGems does not write', (_, part) => {
    const version = `!ruby/object:Gem::Version\n  version: 1.0.0\n  ${part}`;
    const verdict = verdictOf({ gemspec: { version } });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('"version"') },
    ]);
  });

  it('is silent about a version as RubyGems of 2010 wrote it', () => {
    const lines = [
      'hash: -23',
      'prerelease: false',
      'segments: ',
      '- 1',
      '- 0',
      '- 0',
      'segments_generated: true',
      'version: 1.0.0',
    ];
    const version = `!ruby/object:Gem::Version\n  ${lines.join('\n  ')}`;
    expectSilent(verdictOf({ gemspec: { version } }), RULE);
  });

  it('rejects an object in a text, in a list and in the metadata', () => {
    const version = '!ruby/object:Gem::Version\n    version: "1"';
    for (const gemspec of [
      { summary: ` ${version}` },
      { authors: `\n- ${version}` },
      { metadata: `\n  a: ${version.replace('    ', '      ')}` },
      { specification_version: ' "4;"' },
    ])
      expect(verdictOf({ gemspec }).of(RULE)).toHaveLength(1);
  });

  it('is silent about dependencies as old and new RubyGems write them', () => {
    const requirement = (key: string, tag: string) =>
      `  ${key}: !ruby/object:Gem::${tag}\n    requirements:\n    - - "~>"\n      - !ruby/object:Gem::Version\n        version: 1.0.0.rc1\n`;
    const dependencies =
      '\n- !ruby/object:Gem::Dependency\n  name: a\n' +
      requirement('requirement', 'Requirement') +
      '  type: :development\n  prerelease: false\n' +
      requirement('version_requirements', 'Requirement') +
      '- !ruby/object:Gem::Dependency\n  name: b\n  version_requirement: \n' +
      requirement('version_requirements', 'Requirement').trimEnd();
    expect(verdictOf({ gemspec: { dependencies } }).of(RULE)).toEqual([]);
  });
});
