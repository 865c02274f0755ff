import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-path-escapes';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-path-escapes', () => {
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
