import { describe, expect, it } from 'vitest';
import { readLockfile } from '@tarwarden/clients/lockfiles';
import { problemsOf } from './lockfile.ts';

const NAME = 'yarn.lock';
const sha1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
const classic = (...lines: string[]): string => `# yarn lockfile v1\n\n\n${lines.join('\n')}\n`;
const berry = (entry: string, version = '10'): string =>
  `__metadata:\n  version: ${version}\n  cacheKey: 10c0\n\n${entry}`;

describe('yarn.lock of Yarn 1', () => {
  it('has SHA-1 where it says no integrity', () => {
    const text = classic('a@1:', '  version "1.0.0"', `  resolved "https://r.test/a.tgz#${sha1}"`);
    expect(readLockfile(NAME, text).packages).toMatchObject([
      {
        ecosystem: 'npm',
        name: 'a',
        version: '1.0.0',
        source: { type: 'registry', url: 'https://r.test/a.tgz' },
        integrity: { type: 'sri', value: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
        line: 4,
        key: 'a@1',
      },
    ]);
  });

  it.each([
    ['"a@git+ssh://git@h.test/a.git"', '"git+ssh://git@h.test/a.git#abc"', 'git'],
    ['"a@owner/repo#main"', '"https://codeload.github.com/owner/repo/tar.gz/abc"', 'url'],
    ['a@https://h.test/a.tgz', '"https://h.test/a.tgz#abc"', 'url'],
    ['"a@file:../a.tgz"', '"file:../a.tgz#abc"', 'file'],
  ])('says where %s comes from', (pattern, resolved, type) => {
    const text = classic(`${pattern}:`, '  version "1.0.0"', `  resolved ${resolved}`);
    expect(readLockfile(NAME, text)).toMatchObject({
      packages: [{ source: { type } }],
      problems: [],
    });
  });

  it('knows several ranges, aliases and sections', () => {
    const text = classic(
      '"@s/a@^1.0.0", "@s/a@~1.0.0":',
      '  version "1.0.0"',
      '  dependencies:',
      '    "@s/b" "^1.0.0"',
      '',
      '"x@npm:@s/b@^1.0.0":',
      '  version "1.2.0"',
    );
    const { packages, problems } = readLockfile(NAME, text);
    expect(problems).toEqual([]);
    expect(packages.map(({ name, version }) => `${name}@${version}`)).toEqual([
      '@s/a@1.0.0',
      '@s/b@1.2.0',
    ]);
  });

  it.each([
    [
      ['a@1:', '  version "1.0.0"', 'a@1:', '  version "2.0.0"'],
      '6: the entry "a@1" is there twice',
    ],
    [
      ['a@1:', '  version "1.0.0"', '  version "2.0.0"'],
      '6: the entry "a@1" has two fields "version"',
    ],
    [['a@1:', '  resolved "x"'], '4: the entry "a@1" has no version'],
    [['a:', '  version "1.0.0"'], '4: the entry "a" has no range'],
    [['a@1:', '  version "1.0.0"', '  resolved "ftp://x/a"'], '4: the entry "a@1" comes from'],
    [['  version "1.0.0"'], '4: this line is not one that Yarn writes'],
    [['a@1: &x'], '4: this line'],
    [['a@1:', '\tversion "1.0.0"'], '5: this line'],
    [['a@1:', '  version "1.0.0"', '  integrity:', '    x "y"'], '6: this line'],
  ])('%j has a problem', (lines, problem) => {
    expect(problemsOf(NAME, classic(...lines)).join('\n')).toContain(problem);
  });

  it('of another version has a problem', () => {
    expect(problemsOf(NAME, '# yarn lockfile v2\n')[0]).toMatch(/another version/);
  });

  it('may name a package as objects name their prototype', () => {
    const text = classic('__proto__@1:', '  version "1.0.0"');
    expect(readLockfile(NAME, text).packages[0]?.name).toBe('__proto__');
  });
});

describe('yarn.lock of newer Yarns', () => {
  const hex = 'ab'.repeat(64);

  it.each([
    ['a@npm:1.0.0', { type: 'registry' }, '1.0.0'],
    [
      'a@npm:1.0.0::__archiveUrl=https%3A%2F%2Fr.test%2Fa.tgz',
      { type: 'registry', url: 'https://r.test/a.tgz' },
      '1.0.0',
    ],
    ['a@https://r.test/a.tgz', { type: 'url', url: 'https://r.test/a.tgz' }, '9.9.9'],
    ['a@https://github.com/o/a.git#commit=abc', { type: 'git' }, '9.9.9'],
    ['a@file:../a.tgz#../a.tgz::hash=1', { type: 'file', path: '../a.tgz' }, '9.9.9'],
    ['a@portal:../a::locator=x', { type: 'folder', path: '../a' }, '9.9.9'],
    ['a@workspace:.', { type: 'workspace', path: '.' }, '9.9.9'],
  ])('reads %s', (resolution, source, version) => {
    const text = berry(
      `"a@x":\n  version: 9.9.9\n  resolution: "${resolution}"\n  checksum: 10c0/${hex}\n`,
    );
    const { packages, problems } = readLockfile(NAME, text);
    expect(problems).toEqual([]);
    expect(packages).toMatchObject([
      { name: 'a', version, source, line: 5, integrity: { sha512: hex, cacheKey: '10c0' } },
    ]);
  });

  it.each([
    ['a@npm:1.0.0', []],
    ['b@npm:1.0.0', ['9: the entry "a@y" is a patch of what has no entry of its own']],
  ])('has a patch of what is beside %s', (other, problems) => {
    const entry = (key: string, resolution: string): string =>
      `"${key}":\n  version: 1.0.0\n  resolution: "${resolution}"\n\n`;
    const patch = entry('a@y', 'a@patch:a@npm%3A1.0.0#./x.patch::version=1.0.0&hash=1');
    const text = berry(entry('a@x', other) + patch);
    expect(problemsOf(NAME, text)).toEqual(problems);
    expect(readLockfile(NAME, text).packages[1]?.source).toEqual({
      type: 'patch',
      of: 'a@npm:1.0.0',
    });
  });

  it.each([
    '__archive%55rl=https%3A%2F%2Fr.test%2Fa.tgz',
    '__archiveUrl=https%3A%2F%2Fr.test%2Fa.tgz&__archiveUrl=x',
    'x=1&__archiveUrl=https%3A%2F%2Fr.test%2Fa.tgz',
    'x=1',
  ])('does not read %s behind a version', (query) => {
    const text = berry(`a:\n  resolution: "a@npm:1.0.0::${query}"\n`);
    expect(problemsOf(NAME, text)).toEqual(['5: the entry "a" has a resolution that is not known']);
  });

  it('marks what is only for some platforms', () => {
    const text = berry(
      '"a@x":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n  conditions: os=linux\n',
    );
    const [found] = readLockfile(NAME, text).packages;
    expect(found).toMatchObject({ conditional: true });
    expect(found).not.toHaveProperty('integrity');
  });

  it.each([
    [berry('', '3'), 'unknown `__metadata.version`'],
    [berry('', '11'), 'unknown `__metadata.version`'],
    [berry('a: x\n'), '5: the entry "a" is not a mapping'],
    [berry('a:\n  resolution: "a@odd:1"\n'), '5: the entry "a" has a resolution'],
    [
      berry('a:\n  resolution: "a@npm:1"\n  checksum: 10c0/abc\n'),
      '5: the entry "a" has a checksum',
    ],
    [`${berry('')}---\n${berry('')}`, 'more than one document'],
    ['', 'unknown `__metadata.version`'],
  ])('%j has a problem', (text, problem) => {
    expect(problemsOf(NAME, text).join('\n')).toContain(problem);
  });
});
