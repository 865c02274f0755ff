/** What `tarwarden audit --store` says of each way to change the module cache of go and a folder of gems, made here as these make them. */
import { hash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { goModuleHash } from '@tarwarden/core';
import { gemStore } from '../../../packages/audit/src/store/gem-store.ts';
import { goStore } from '../../../packages/audit/src/store/go-store.ts';
import { gemspecProblem } from '../../../packages/audit/src/store/installed-gemspec.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { gemOf } from '../../support/gem.ts';
import { moduleFiles, moduleZip } from '../../support/go/module-zip.ts';
import { putFile, putFiles } from '../../support/put-file.ts';
import { archiveOf, said, taskOf } from './stored-packages.ts';

let folder: string;
freshFolder((made) => (folder = made));

describe('the module cache of go', () => {
  const MODULE = 'example.org/Team/m@v1.0.0';
  const zip = moduleZip({ module: MODULE });
  const h1 = goModuleHash(zip)!;
  const task = taskOf('go-sum', {
    ecosystem: 'go',
    name: 'example.org/Team/m',
    version: 'v1.0.0',
    integrity: { type: 'go-h1', value: h1 },
  });
  let at: string;
  beforeEach(() => {
    at = join(folder, 'example.org/!team/m@v1.0.0');
    putFiles(at, moduleFiles('example.org/Team/m'));
    putFile(join(folder, 'cache/download/example.org/!team/m/@v/v1.0.0.ziphash'), h1);
  });

  it('is clean by go.sum alone', () => {
    expect(said(goStore(folder), task, [])).toEqual([]);
  });

  it.each([
    ['a changed file', () => writeFileSync(join(at, 'm.go'), 'package m'), 'changed "m.go"'],
    ['an added file', () => writeFileSync(join(at, 'more.go'), ''), 'added "more.go"'],
    ['a missing file', () => rmSync(join(at, 'm.go')), 'missing "m.go"'],
    ['a link', () => symlinkSync('/etc/passwd', join(at, 'link')), 'links "link"'],
  ])('names %s', (_, change, expected) => {
    change();
    expect(said(goStore(folder), task, [archiveOf(zip, 'gomod')])).toEqual([
      expect.stringContaining(expected),
    ]);
    expect(said(goStore(folder), task, [])).toEqual([
      expect.stringContaining('does not have the hash of go.sum'),
    ]);
  });

  it('names a note with another hash', () => {
    putFile(join(folder, 'cache/download/example.org/!team/m/@v/v1.0.0.ziphash'), 'h1:other');
    expect(said(goStore(folder), task, [])).toEqual([
      expect.stringContaining('has another hash than go.sum'),
    ]);
  });
});

describe('a folder of gems', () => {
  const gem = gemOf({ name: 'g', files: { 'lib/fixture.rb': '', 'lib/g.rb': 'g', 'bin/g': '' } });
  const integrity = { type: 'sri', value: `sha256-${hash('sha256', gem, 'base64')}` } as const;
  const task = taskOf('gemfile-lock', { ecosystem: 'rubygems', name: 'g', integrity });
  const SPEC = `# -*- encoding: utf-8 -*-\n# stub: g 1.0.0 ruby lib\n\nGem::Specification.new do |s|\n  s.name = "g".freeze\n  s.version = "1.0.0".freeze\nend\n`;
  beforeEach(() => {
    putFiles(join(folder, 'gems/g-1.0.0'), { 'lib/g.rb': 'g', 'bin/g': '', 'lib/fixture.rb': '' });
    chmodSync(join(folder, 'gems/g-1.0.0/bin/g'), 0o755);
    putFile(join(folder, 'cache/g-1.0.0.gem'), gem);
    putFile(join(folder, 'specifications/g-1.0.0.gemspec'), SPEC);
  });
  const found = (): string[] => said(gemStore(folder), task, [archiveOf(gem, 'gem')]);

  it('is clean', () => {
    expect(found()).toEqual([]);
  });

  it.each([
    [
      'a changed file',
      () => putFile(join(folder, 'gems/g-1.0.0/lib/g.rb'), 'other'),
      'changed "lib/g.rb"',
    ],
    [
      'an added file',
      () => putFile(join(folder, 'gems/g-1.0.0/lib/more.rb')),
      'added "lib/more.rb"',
    ],
    [
      'another gem',
      () => putFile(join(folder, 'cache/g-1.0.0.gem'), 'other'),
      'does not have the checksum',
    ],
    [
      'another gemspec',
      () => putFile(join(folder, 'specifications/g-1.0.0.gemspec'), `${SPEC}evil\n`),
      'line 8',
    ],
  ])('names %s', (_, change, expected) => {
    change();
    expect(found()).toEqual([expect.stringContaining(expected)]);
    expect(found()[0]).toMatch(/^error: /);
  });

  it.each([
    ['a program', "puts 'evil'\n", /^error: .*is not a plugin that RubyGems writes/],
    [
      'a path out of the gem',
      "require_relative '../gems/g-1.0.0/../../x/rubygems_plugin.rb'\n",
      /^error: .*is not a plugin/,
    ],
    [
      'a gem that is not locked',
      "require_relative '../gems/x-1/lib/rubygems_plugin.rb'\n",
      /^unknown: .*no lockfile names its gem/,
    ],
    ['the locked gem', "require_relative '../gems/g-1.0.0/lib/rubygems_plugin.rb'\n", undefined],
  ])('with a plugin that names %s', (_, text, expected) => {
    putFile(join(folder, 'plugins/x_plugin.rb'), text);
    expect(found()).toEqual(expected === undefined ? [] : [expect.stringMatching(expected)]);
  });

  it.each(['g-1.0.0-x86_64-linux', 'g-1.0'])(
    'is not clean with %s, which RubyGems may take',
    (full) => {
      putFile(join(folder, `specifications/${full}.gemspec`), SPEC);
      expect(found()).toEqual([expect.stringMatching(/^unknown: .*does not name this platform/)]);
    },
  );

  it('is not clean with a checkout of a locked commit', () => {
    const source = {
      type: 'git',
      url: 'https://x.example/o/h.git',
      commit: 'c'.repeat(40),
    } as const;
    const git = taskOf('gemfile-lock', { ecosystem: 'rubygems', name: 'h', source });
    expect(said(gemStore(folder), git, [])).toEqual([]);
    putFile(join(folder, `bundler/gems/h-${'c'.repeat(12)}/lib/h.rb`), 'h');
    putFile(join(folder, 'cache/bundler/git/h-0123/config'), '');
    expect(said(gemStore(folder), git, [])).toEqual([
      expect.stringMatching(/^unknown: .*bundler\/gems\/h-c+ .*git repository/),
      expect.stringMatching(/^unknown: .*bundler\/git\/h-0123 .*git repository/),
    ]);
  });

  it('is not clean with what a compiler made, and an added program is an error all the same', () => {
    mkdirSync(join(folder, 'extensions/x86_64-linux/3.3.0/g-1.0.0'), { recursive: true });
    putFile(join(folder, 'gems/g-1.0.0/lib/g.so'), 'made');
    expect(found()).toEqual([
      expect.stringMatching(/^unknown: .*a compiler made files in it: "lib\/g\.so"/),
      expect.stringMatching(/^unknown: .*extensions/),
    ]);
    putFile(join(folder, 'gems/g-1.0.0/lib/more.rb'));
    expect(found()[0]).toMatch(/^error: .*added "lib\/more\.rb"$/);
  });

  it.each([
    ['a call', SPEC.replace('do |s|', "do |s|\n  system('id')"), 'line 5'],
    ['interpolation', SPEC.replace('"g".freeze', '"#{`id`}".freeze'), 'line 5'],
    ['interpolation of a variable', SPEC.replace('"g".freeze', '"#$0".freeze'), 'line 5'],
    ['two statements in a line', SPEC.replace('"g".freeze', '"g".freeze; evil'), 'line 5'],
    ['an assignment that calls', SPEC.replace('end\n', '  s.summary = evil\nend\n'), 'line 7'],
    ['a path out of the gem', SPEC.replace('ruby lib', 'ruby ../x'), 'leaves the gem'],
    ['another folder', SPEC.replace('end\n', '  s.full_gem_path = "/evil"\nend\n'), 'line 7'],
    ['another base', SPEC.replace('end\n', '  s.base_dir = "/evil".freeze\nend\n'), 'line 7'],
    [
      'a path out of the gem behind the stub',
      SPEC.replace('end\n', '  s.require_paths = ["lib".freeze, "../x".freeze]\nend\n'),
      'leaves the gem',
    ],
    [
      'a disguised path',
      SPEC.replace('end\n', String.raw`  s.require_paths = ["\x2e\x2e/x".freeze]` + '\nend\n'),
      'leaves the gem',
    ],
    ['a second stub', `# stub: g 1.0.0 ruby lib${SPEC.slice(SPEC.indexOf('\n'))}`, 'line 1'],
    ['another name', SPEC.replace('"g".freeze', '"h".freeze'), 'another name'],
    ['a second name', SPEC.replace('end\n', '  s.name = "h".freeze\nend\n'), 'another name'],
    ['a stub of another gem', SPEC.replace('stub: g', 'stub: h'), 'another gem'],
  ])('a gemspec with %s is none that RubyGems writes', (_, text, expected) => {
    expect(gemspecProblem(text, { name: 'g', version: '1.0.0' })).toContain(expected);
  });
});
