import { describe, expect, it } from 'vitest';
import { lockfileKindOf, readLockfile } from '@tarwarden/clients/lockfiles';
import { fixture, problemsOf } from './lockfile.ts';

describe('lockfileKindOf', () => {
  it.each([
    ['package-lock.json', 'package-lock'],
    ['pnpm-lock.main.yaml', 'pnpm-lock'],
    ['requirements-dev.txt', 'requirements'],
    ['pylock.dev.toml', 'pylock'],
    ['Gemfile.lock', 'gemfile-lock'],
    ['gems.locked', 'gemfile-lock'],
    ['go.sum', 'go-sum'],
    ['bun.lockb', undefined],
    ['package.json', undefined],
    ['my-package-lock.json', undefined],
  ])('%s', (name, kind) => expect(lockfileKindOf(name)).toBe(kind));

  it('is asked before a file is read', () => {
    expect(() => readLockfile('package.json', '{}')).toThrow(RangeError);
  });
});

describe('every kind', () => {
  const kinds: [string, string][] = [
    ['package-lock.json', fixture('package-lock-3.json')],
    ['pnpm-lock.yaml', fixture('pnpm-lock-9.yaml')],
    ['yarn.lock', fixture('yarn-1.lock')],
    ['yarn.lock', fixture('yarn-4.lock')],
    ['bun.lock', fixture('bun-2.lock')],
    ['requirements.txt', 'rack==1.0\n'],
    ['pylock.toml', 'lock-version = "1.0"\n'],
    ['Gemfile.lock', 'GEM\n'],
    ['go.sum', ''],
  ];

  it.each(kinds)('%s with the marks of a merge conflict is not read', (name, text) => {
    const conflict = `${text}<<<<<<< HEAD\n=======\n>>>>>>> main\n`;
    const { packages, problems } = readLockfile(name, conflict);
    expect(packages).toEqual([]);
    expect(problems).toEqual([
      { line: text.split('\n').length, message: expect.stringContaining('merge conflict') },
    ]);
  });

  it.each(kinds)('%s that is huge is not read', (name) => {
    expect(problemsOf(name, ' '.repeat(48 * 1024 * 1024 + 1))[0]).toMatch(/^1: it is larger than/);
  });

  it.each(kinds)('%s of garbage has a problem', (name) => {
    for (const text of ['\0', '{', '[', '- a', '"', 'x: [', '(((', '{"a":', 'lockfileVersion: x'])
      expect(problemsOf(name, text)).not.toEqual([]);
  });

  it.each(['package-lock.json', 'bun.lock', 'pnpm-lock.yaml', 'yarn.lock', 'pylock.toml'])(
    '%s that nests without an end has a problem',
    (name) => {
      for (const unit of ['[', '{"a":', '{a: ', 'a = [['])
        expect(problemsOf(name, unit.repeat(100_000))).not.toEqual([]);
    },
  );

  it.each(['package-lock.json', 'bun.lock', 'pnpm-lock.yaml', 'yarn.lock', 'pylock.toml'])(
    '%s that says no version has a problem',
    (name) =>
      expect(
        problemsOf(name, name.endsWith('lock') || name.endsWith('json') ? '{}' : ''),
      ).not.toEqual([]),
  );

  it('lists no more problems than a person reads', () => {
    const { problems } = readLockfile('go.sum', 'x\n'.repeat(100_000));
    expect(problems).toHaveLength(201);
  });

  it('keeps no more packages than any project has', () => {
    const hash = `h1:${'A'.repeat(43)}=`;
    const text = Array.from({ length: 100_001 }, (_, n) => `m v1.0.${n} ${hash}\n`).join('');
    const { packages, problems } = readLockfile('go.sum', text);
    expect(packages).toHaveLength(100_000);
    expect(problems[0]?.message).toMatch(/more than 100000 packages/);
  });
});
