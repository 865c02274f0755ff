import { describe, expect, it } from 'vitest';
import { gemOf, type GemOptions } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

describe('gemspec-path-escapes', () => {
  const RULE = 'gemspec-path-escapes';
  const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

  it.each([
    ['a folder of commands outside', { bindir: '../../x' }, 'bindir: "../../x"'],
    [
      'a command that is a path',
      { executables: '\n- ../run' },
      'the command "../run": it is a path',
    ],
    ['a command with a line break', { executables: '\n- "a\\nb"' }, 'control character'],
    ['an extension outside', { extensions: '\n- ext/../../extconf.rb' }, 'extensions'],
    ['an absolute path to load from', { require_paths: '\n- /etc' }, 'it is absolute'],
    ['a file outside', { files: '\n- lib/../../x' }, 'files'],
  ])('rejects %s', (_, gemspec, message) => {
    const verdict = verdictOf({ gemspec });
    expectRejected(verdict, RULE, [{ level: 'error', message: expect.stringContaining(message) }]);
  });

  it.each([
    ['a command that is a folder', { executables: '\n- ..' }],
    ['a path to load from in a home folder', { require_paths: '\n- "~/lib"' }],
  ])('rejects %s', (_, gemspec) => {
    expectRejected(verdictOf({ gemspec }), RULE, [{ level: 'error' }]);
  });

  it.each(['test_files', 'extra_rdoc_files'])('rejects %s outside', (field) => {
    const verdict = verdictOf({ gemspec: { [field]: '\n- ../../secret.md' } });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining(`${field}: "../../secret.md"`) },
    ]);
  });

  it.each([
    '\n- --root\n- a/b',
    '\n- --roo=a/b',
    '\n- -T\n- a',
    '\n- --op=/tmp',
    '\n- ../outside.md',
    '\n- -ftemplate',
  ])('rejects options of RDoc that set folders or templates: %s', (options) => {
    const verdict = verdictOf({ gemspec: { rdoc_options: options } });
    expect(verdict.of(RULE)[0]).toMatchObject({
      level: 'error',
      message: expect.stringContaining('rdoc_options'),
    });
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['extra_rdoc_files', '--copy-files=/etc/passwd'],
    ['require_paths', '--version'],
    ['extensions', '-x/extconf.rb'],
  ])('rejects an option of RDoc in %s', (field, path) => {
    const verdict = verdictOf({ gemspec: { [field]: `\n- ${path}` } });
    expect(verdict.of(RULE)).toMatchObject([
      {
        level: 'error',
        message: expect.stringContaining(`${field}: "${path}": RDoc would read it as an option`),
      },
    ]);
  });

  it.each(['{lib,other}', 'l*', 'l?b', 'l[a-z]b', 'a,other'])(
    'rejects a pattern to load from: %s',
    (path) => {
      const verdict = verdictOf({ gemspec: { require_paths: `\n- lib\n- "${path}"` } });
      expect(verdict.of(RULE)).toMatchObject([
        { level: 'error', message: expect.stringContaining('RubyGems would read it as a pattern') },
      ]);
    },
  );

  it('is silent about a dash and about signs of patterns elsewhere', () => {
    const gemspec = {
      files: '\n- lib/[id].rb\n- "a,b.rb"',
      require_paths: '\n- lib-x/a-b',
      extra_rdoc_files: '\n- ./--help\n- doc/-a.md\n- "a{b}.md"',
    };
    expect(verdictOf({ gemspec }).of(RULE)).toEqual([]);
  });

  it('is silent about options that say how pages look', () => {
    const options =
      '\n- --main\n- README.md\n- --title=../A title\n- -SHN\n- --line-numbers\n- -x\n- test';
    const verdict = verdictOf({ gemspec: { rdoc_options: options } });
    expect(verdict.of(RULE)).toEqual([]);
  });

  it.each(['executables', 'require_paths', 'extensions'])('rejects code in %s', (field) => {
    for (const text of ['"a#{b}"', `"a'b"`, "'a`b'"]) {
      const verdict = verdictOf({ gemspec: { [field]: `\n- ${text}` } });
      expect(verdict.of(RULE)[0]).toMatchObject({
        message: expect.stringContaining('Ruby would read it as code'),
      });
    }
  });

  it('is silent about paths inside', () => {
    const verdict = verdictOf({
      gemspec: { require_paths: '\n- "."\n- "./lib"\n- lib/../ext', executables: '\n- run' },
      files: { 'bin/run': 'x' },
    });
    expectSilent(verdict, RULE);
  });

  it('is silent about a command without a name, which RubyGems does not make', () => {
    expectSilent(verdictOf({ gemspec: { executables: '\n- ""' } }), RULE);
  });

  it('is silent about options of RDoc that newer ones ignore', () => {
    const rdoc_options = '\n- --protected\n- --opname\n- index.html';
    expect(verdictOf({ gemspec: { rdoc_options } }).of(RULE)).toEqual([]);
  });

  it('rejects a path behind an option that newer ones ignore', () => {
    const rdoc_options = '\n- --opname\n- ../index.html';
    expect(verdictOf({ gemspec: { rdoc_options } }).of(RULE)).toHaveLength(1);
  });
});

describe('gemspec-unknown-field', () => {
  const RULE = 'gemspec-unknown-field';
  const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

  it('rejects a field of RubyGems itself', () => {
    const verdict = verdictOf({ gemspec: { full_name: '../../planted' } });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('"full_name"') },
    ]);
  });

  it('rejects any other field', () => {
    expectRejected(verdictOf({ gemspec: { loaded_from: '/tmp/x' } }), RULE, [{ level: 'error' }]);
  });

  it('is silent about fields of old RubyGems', () => {
    const verdict = verdictOf({
      gemspec: {
        author: 'Somebody',
        has_rdoc: 'true',
        default_executable: '',
        rubyforge_project: 'x',
        autorequire: '',
      },
    });
    expectSilent(verdict, RULE);
  });
});

describe('gemspec-unsafe-class', () => {
  const RULE = 'gemspec-unsafe-class';
  const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

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

describe('gemspec-unsafe-name', () => {
  const RULE = 'gemspec-unsafe-name';
  const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem', expected: {} });

  it.each([
    ['a name that is a path', { name: "'../x'" }, 'the name "../x"'],
    [
      'a version that is a path',
      { version: "!ruby/object:Gem::Version\n  version: '1/../../x'" },
      'the version',
    ],
    ['a platform with a line break', { platform: String.raw`"x86\nsystem('id')"` }, 'the platform'],
  ])('rejects %s', (_, gemspec, message) => {
    const verdict = verdictOf({ gemspec });
    expectRejected(verdict, RULE, [{ level: 'error', message: expect.stringContaining(message) }]);
  });

  it.each([
    ['a name that begins with a dot', { name: "'.x'" }],
    ['a version that is empty', { version: "!ruby/object:Gem::Version\n  version: ''" }],
    [
      'a platform of parts that are a path',
      { platform: '!ruby/object:Gem::Platform\n  cpu: ../../x\n  os: linux' },
    ],
  ])('rejects %s', (_, gemspec) => {
    expectRejected(verdictOf({ gemspec }), RULE, [{ level: 'error' }]);
  });

  it.each([
    ['a name with all that a name may have', { name: 'a_B-1.2' }],
    ['a version before a release', { version: '1.0.0.pre.1' }],
  ])('is silent about %s', (_, options) => {
    expectSilent(inspected(gemOf(options), { format: 'gem', expected: {} }), RULE);
  });
});
