import { describe, expect, it } from 'vitest';
import { gemOf, gemspecOf, type GemOptions } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-duplicate-key', () => {
  const RULE = 'gemspec-duplicate-key';

  it('rejects a field twice', () => {
    const verdict = verdictOf({
      metadata: gemspecOf().replace('bindir:', 'name: fixture\nbindir:'),
    });
    expectRejected(verdict, RULE, [{ level: 'error', message: expect.stringContaining('"name"') }]);
  });

  it('rejects a key of a map twice', () => {
    const verdict = verdictOf({ gemspec: { metadata: '\n  a: b\n  a: c' } });
    expectRejected(verdict, RULE, [{ level: 'error', message: expect.stringContaining('"a"') }]);
  });

  it('rejects a key twice, in quotes and without', () => {
    const verdict = verdictOf({ gemspec: { metadata: '\n  a: b\n  "a": c' } });
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about a key of two maps', () => {
    expectSilent(verdictOf({ gemspec: { metadata: '\n  name: x' } }), RULE);
  });
});

describe('gemspec-invalid', () => {
  const RULE = 'gemspec-invalid';

  it('rejects what is not UTF-8', () => {
    const verdict = verdictOf({ metadata: Buffer.from([0x2d, 0x2d, 0x2d, 0x20, 0xff]) });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('not valid UTF-8') },
    ]);
  });

  it('rejects another object', () => {
    const verdict = verdictOf({ metadata: '--- !ruby/object:Gem::Version\nversion: 1.0.0\n' });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('does not hold a Gem::Specification') },
    ]);
  });

  it('rejects aliases of which each is much to go through', () => {
    const segments = '        - x\n'.repeat(40_000);
    const aliases = '    - *pair\n'.repeat(20_000);
    const requirement = [
      '!ruby/object:Gem::Requirement',
      '  requirements:',
      '    - &pair',
      '      - ">="',
      '      - !ruby/object:Gem::Version',
      `        version: '0'`,
      `        segments:\n${segments}${aliases.trimEnd()}`,
    ];
    const gemspec = { required_rubygems_version: requirement.join('\n') };
    const verdict = verdictOf({ gemspec });
    expect(verdict.of(RULE)).toMatchObject([
      { message: expect.stringContaining('aliases repeat more than 4194304 characters') },
    ]);
  });

  it('rejects a document without its mark', () => {
    expectRejected(verdictOf({ metadata: 'name: fixture\n' }), RULE, [{ level: 'error' }]);
  });

  it.each([
    ['a flow list', { require_paths: '[lib]' }, 'line'],
    ['a version that is not an object', { version: '1.0.0' }, 'not a Gem::Version'],
    ['a command that is nothing', { executables: '\n- run\n- ' }, 'its executables'],
    ['commands that are not a list', { executables: 'run' }, 'are not a list'],
    [
      'a platform of more parts',
      { platform: '!ruby/object:Gem::Platform\n  cpu: x86\n  evil: y' },
      'more parts',
    ],
  ])('rejects %s', (_, gemspec, message) => {
    const verdict = verdictOf({ gemspec });
    expectRejected(verdict, RULE, [{ level: 'error', message: expect.stringContaining(message) }]);
  });

  it.each([
    ['a name that is a number', '12', 'its name is not a text'],
    ['no name', null, 'it has no name'],
  ])('rejects %s', (_, name, message) => {
    const verdict = verdictOf({ gemspec: { name } });
    expectRejected(verdict, RULE, [{ level: 'error', message: expect.stringContaining(message) }]);
  });

  it('is silent about fields that are not there', () => {
    const verdict = verdictOf({
      gemspec: {
        bindir: null,
        executables: null,
        extensions: null,
        files: null,
        require_paths: null,
        platform: null,
      },
    });
    expectSilent(verdict, RULE);
  });

  it('is silent about fields that are empty', () => {
    const verdict = verdictOf({
      gemspec: { bindir: '', executables: '', extensions: '~', files: 'null', platform: '' },
    });
    expectSilent(verdict, RULE);
  });

  it('is silent about a list of paths in a list, as old gems have it', () => {
    expectSilent(verdictOf({ gemspec: { require_paths: '\n- - lib' } }), RULE);
  });

  it('rejects half a million line breaks in what is not Base64', () => {
    const name = `!binary "${'\\n'.repeat(500_000)}!"`;
    const verdict = inspected(gemOf({ gemspec: { name } }), { format: 'gem' });
    expect(verdict.of(RULE)).toMatchObject([
      { message: expect.stringContaining('which is not Base64') },
    ]);
  });
});
