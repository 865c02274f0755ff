import { describe, expect, it } from 'vitest';
import { readLockfile } from '@tarwarden/clients/lockfiles';
import { listed, problemsOf } from './lockfile.ts';

const hex = 'ab'.repeat(32);
const otherHex = 'cd'.repeat(32);
const sriOf = (digest: string): string => `sha256-${Buffer.from(digest, 'hex').toString('base64')}`;
const sri = sriOf(hex);

describe('requirements.txt', () => {
  it('reads pinned packages, once for each hash, since each is of a file of its own', () => {
    const text = `# made by a tool\n--index-url https://pypi.org/simple\nSome.Project[extra]==1.0 ; python_version > "3" \\\n    --hash=sha256:${hex} \\\n    --hash=sha256:${otherHex}  # why\nother==2.0\n`;
    const { packages, problems } = readLockfile('requirements.txt', text);
    expect(problems).toEqual([]);
    expect(packages).toMatchObject([
      { name: 'Some.Project', version: '1.0', line: 3, integrity: { value: sri } },
      { name: 'Some.Project', line: 3, integrity: { value: sriOf(otherHex) } },
      { name: 'other', version: '2.0', line: 6 },
    ]);
    expect(packages[2]).not.toHaveProperty('integrity');
  });

  it.each([
    ['-i https://h.test/simple', { url: 'https://h.test/simple', extra: false }],
    ['-ihttps://h.test/simple', { url: 'https://h.test/simple', extra: false }],
    ['--index-url=https://h.test/simple', { url: 'https://h.test/simple', extra: false }],
    ['--extra-index-url https://h.test/x', { url: 'https://h.test/x', extra: true }],
  ])('%s names an index', (line, index) => {
    const { indexes, problems } = readLockfile('requirements.txt', `${line}\n`);
    expect(problems).toEqual([]);
    expect(indexes).toEqual([index]);
  });

  it('names no index for other options, and only so many', () => {
    expect(readLockfile('requirements.txt', '--no-index\n')).not.toHaveProperty('indexes');
    const many = '--extra-index-url https://h.test/x\n'.repeat(17);
    expect(problemsOf('requirements.txt', many)).toEqual([
      '17: it names more indexes, or a longer address, than are read',
    ]);
  });

  it('tells addresses from versions', () => {
    const text = 'a @ https://h.test/a.whl\nb @ git+https://h.test/b\nc @ file:///c.tar.gz\n';
    const { packages } = readLockfile('requirements.txt', text);
    expect(packages.map(({ source }) => source.type)).toEqual(['url', 'git', 'file']);
  });

  it.each(['a>=1.0', 'a==1.*', 'a', '-r other.txt', '-e .', '--constraint x.txt', './a.whl'])(
    'reports %s',
    (line) => expect(problemsOf('requirements.txt', `\n${line}\n`)[0]).toMatch(/^2: /),
  );
});

describe('a requirements file that pip reads in another way than an editor shows it', () => {
  const other = `b==1.0 --hash=sha256:${otherHex}`;
  const names = (text: string): string[] =>
    readLockfile('requirements.txt', text).packages.map(({ name }) => name);

  it.each(['\r', '\f', '\v', '\u001C', '\u0085', '\u2028'])(
    'has another line after the character %j',
    (end) => expect(names(`a==1.0\n# x${end}${other}\r\n`)).toEqual(['a', 'b']),
  );

  it.each([
    `a==1.0 --hash=sha256:${hex} --ha=sha256:${otherHex}`,
    `a==1.0 --hash=sha256:${hex} "--hash=sha256:${otherHex}"`,
    `a==1.0 --hash=sha256:${hex} --hash="sha256:${otherHex}"`,
    `a==1.0 --hash=sha256:${hex} --config-settings x`,
    `a==1.0 --hash=sha256:${hex} -r x.txt`,
    `a @ https://h.test/a.whl#md5=${'0'.repeat(32)} --hash=sha256:${hex}`,
    '--pre -r x.txt',
    '--prefer-binary --requirement=x.txt',
    '--index-url https://h.test/ -e .',
    '--index-url "https://h.test/"',
    'a==1.0 # why \\\n',
  ])('reports %j', (line) => expect(problemsOf('requirements.txt', line)[0]).toMatch(/^1: /));

  it.each([
    ['utf-7', 1],
    ['unicode_escape', 1],
    ['utf-8', 0],
    ['latin-1', 1],
  ])('in the encoding %s has %i problems', (coding, count) => {
    const text = `a==1.0\n# -*- coding: ${coding} -*-\n`;
    expect(problemsOf('requirements.txt', text)).toHaveLength(count);
  });

  it.each([
    `a==1.0 --hash=sha256:${hex} --ha\\\nsh=sha256:${otherHex}`,
    `a==1.0 --hash=sha256:${hex} --hash   sha256:${otherHex}`,
    `a @ https://h.test/a.whl#sha256=${otherHex} --hash=sha256:${hex}`,
  ])('has both hashes of %j', (text) => {
    const { packages, problems } = readLockfile('requirements.txt', text);
    expect(problems).toEqual([]);
    expect(packages.map(({ integrity }) => integrity)).toMatchObject([
      { value: sri },
      { value: sriOf(otherHex) },
    ]);
  });

  it('may have several options in a line', () => {
    const text = '-i https://h.test/simple --trusted-host h.test --pre\n';
    const { indexes, problems } = readLockfile('requirements.txt', text);
    expect(problems).toEqual([]);
    expect(indexes).toEqual([{ url: 'https://h.test/simple', extra: false }]);
  });
});

describe('pylock.toml', () => {
  it('has each file of a package apart', () => {
    const text = `lock-version = "1.0"
[[packages]]
name = "a"
version = "1.0"
sdist = { url = "https://h.test/a.tar.gz", hashes = { sha256 = "${hex}" } }
wheels = [{ url = "https://h.test/a.whl", hashes = {} }, { path = "a.whl", hashes = {} }]
[[packages]]
name = "b"
directory = { path = "../b" }
[[packages]]
name = "c"
vcs = { type = "git", url = "https://h.test/c" }
[[packages]]
name = "d"
`;
    const lockfile = readLockfile('pylock.toml', text);
    expect(listed(lockfile)).toEqual([
      'a@1.0 registry',
      'a@1.0 registry',
      'a@1.0 file',
      'b@ folder',
      'c@ git',
    ]);
    expect(lockfile.packages[0]).toMatchObject({ line: 2, integrity: { value: sri } });
    expect(lockfile.problems).toEqual([{ line: 13, message: 'the entry "d" names no archive' }]);
  });

  it.each([
    ['url = "https://h.test/a%2Bb.whl?x#y"', 'a+b.whl', 0],
    ['url = "https://h.test/a.zip"', 'a.whl', 1],
    ['path = "files/a.zip"', 'a.whl', 1],
  ])('with %s and the name %s has %i problems', (place, name, count) => {
    const file = `{ name = "${name}", ${place}, hashes = { sha256 = "${hex}" } }`;
    const text = `lock-version = "1.0"\n[[packages]]\nname = "a"\nwheels = [${file}]\n`;
    const { packages, problems } = readLockfile('pylock.toml', text);
    expect(problems).toHaveLength(count);
    expect(packages).toHaveLength(1 - count);
  });

  it.each(['lock-version = "2.0"', 'lock-version = 1', 'x = ['])('reports %s', (text) => {
    expect(problemsOf('pylock.toml', text)).toHaveLength(1);
  });
});

describe('Gemfile.lock', () => {
  const text = `GIT
  remote: https://h.test/g
  revision: abc
  specs:
    g (1.0)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.16.0-x86_64-linux)
      racc (~> 1.4)
    racc (1.7.3)

PLATFORMS
  ruby

DEPENDENCIES
  racc

CHECKSUMS
  g (1.0)
  nokogiri (1.16.0-x86_64-linux)
  racc (1.7.3) sha256=${hex}

BUNDLED WITH
   2.6.0
`;

  it('reads gems, platforms and checksums', () => {
    const lockfile = readLockfile('Gemfile.lock', text);
    expect(lockfile.problems).toEqual([]);
    expect(lockfile.version).toBe('2.6.0');
    expect(lockfile.packages).toMatchObject([
      { name: 'g', source: { type: 'git' } },
      {
        name: 'nokogiri',
        version: '1.16.0-x86_64-linux',
        line: 10,
        source: { url: 'https://rubygems.org/gems/nokogiri-1.16.0-x86_64-linux.gem' },
      },
      { name: 'racc', integrity: { type: 'sri', value: sri } },
    ]);
  });

  it('knows no address where a section has several remotes, or is of a plugin', () => {
    const lines = [
      '  remote: https://a.test/',
      '  remote: https://b.test/',
      '  specs:',
      '    a (1)',
    ];
    for (const of of [
      ['GEM', ...lines],
      ['PLUGIN SOURCE', ...lines.slice(1)],
    ]) {
      const { packages } = readLockfile('Gemfile.lock', of.join('\n'));
      expect(packages).toMatchObject([{ name: 'a', source: { type: 'registry' } }]);
      expect(packages[0]?.source).not.toHaveProperty('url');
    }
  });

  it.each([
    ['BREW\n', '1: this section'],
    ['GEM\n  specs:\n    a\n', '3: this line'],
    [`CHECKSUMS\n  a (1) sha256=${hex}\n  a (1) sha256=${hex}\n`, '3: the entry "a (1)" has two'],
    ['CHECKSUMS\n  a\n', '2: this line'],
  ])('%j has a problem', (text, problem) => {
    expect(problemsOf('Gemfile.lock', text).join('\n')).toContain(problem);
  });
});

describe('go.sum', () => {
  const hash = `h1:${'A'.repeat(43)}=`;

  it.each(['go.sum', 'go.work.sum'])('%s names the zips of modules, not go.mod files', (file) => {
    const text = `h.test/m v1.0.0 ${hash}\nh.test/m v1.0.0/go.mod ${hash}\nh.test/n v1.0.0/go.mod ${hash}\n`;
    const { packages, problems } = readLockfile(file, text);
    expect(problems).toEqual([]);
    expect(packages).toMatchObject([
      { ecosystem: 'go', name: 'h.test/m', version: 'v1.0.0', integrity: { value: hash }, line: 1 },
    ]);
  });

  it.each(['m v1.0.0', 'm v1.0.0 h2:x', 'm 1.0.0 h1:x', 'm v1.0.0 h1:short='])(
    'reports %s',
    (line) => {
      expect(problemsOf('go.sum', line)).toEqual(['1: this line is not one that go writes']);
    },
  );
});
