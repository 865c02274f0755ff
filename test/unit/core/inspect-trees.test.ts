/** Verdicts with tree digests. */
import { DEFAULT_POLICY, inspect, withDigest } from '@tarwarden/core';
import { DEFAULT_LIMITS } from '@tarwarden/core/limits';
import { inspectKeeping } from '@tarwarden/core/npm';
import {
  isTreeDigest,
  TREE_CLIENTS,
  treeDigest,
  treeText,
  unpackedFiles,
} from '@tarwarden/core/trees';
import { describe, expect, test } from 'vitest';
import { attack, cleanOddities } from '../../support/attacks.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const fixture = { name: 'fixture', version: '1.0.0' };

describe('an inspection', () => {
  const clean = tgz({ ...fixture, files: { 'lib/a.js': 'x', '.gitignore': 'y' } });

  test('states no tree digest unless it is asked for one, and else the same verdict with them', () => {
    const plain = inspect(clean);
    expect(plain.trees).toBeUndefined();
    expect(inspect(clean, { trees: [] })).toEqual(plain);
    const listed = new Map<string, string>();
    const { trees, ...rest } = inspect(clean, {
      trees: ['npm', 'pnpm', 'gem'],
      receiveTree: (digest, text) => void listed.set(digest, text),
    });
    expect(rest).toEqual(plain);
    expect(Object.keys(trees ?? {})).toEqual(['npm', 'pnpm']);
    for (const client of ['npm', 'pnpm'] as const) {
      const files = unpackedFiles(clean, 'npm', client, DEFAULT_LIMITS)!;
      expect(trees?.[client]).toBe(treeDigest(client, files));
      expect(listed.get(trees?.[client] ?? '')).toBe(treeText(client, files));
    }
    expect(listed.size).toBe(2);
  });

  test.each(cleanOddities.map((clean) => [clean.id, clean.build(fixture)] as const))(
    'states the digest of the files that are read in a pass of its own: %s',
    (_id, bytes) => {
      const files = unpackedFiles(bytes, 'npm', 'npm', DEFAULT_LIMITS)!;
      const { trees } = inspect(bytes, { expected: fixture, trees: ['npm'] });
      expect(trees).toEqual({ npm: treeDigest('npm', files) });
    },
  );

  test('states none of a rejected archive', () => {
    const receiveTree = (): void => expect.unreachable();
    const hostile = attack('path-traversal-first').build(fixture);
    const verdict = inspect(hostile, { trees: [...TREE_CLIENTS], receiveTree });
    expect(verdict.status).toBe('reject');
    expect(verdict.trees).toBeUndefined();
  });

  test('states that there is none for a client that makes the links of an archive', () => {
    const bytes = tgz({
      ...fixture,
      entries: [entry({ name: 'package/link', typeflag: '2', linkname: 'index.js' })],
    });
    const policy = { ...DEFAULT_POLICY, links: 'contained' } as const;
    const { status, trees } = inspect(bytes, { policy, trees: ['pnpm', 'yarn'] });
    expect(status).toBe('accept');
    expect(trees?.yarn).toBeNull();
    expect(isTreeDigest(trees?.pnpm ?? '')).toBe(true);
  });

  test('states them if it keeps the tar, and if the digest of the archive comes later', () => {
    const { trees, archive } = inspect(clean, { trees: ['bun'] });
    const room = (bytes: number): Uint8Array => new Uint8Array(bytes);
    expect(inspectKeeping(clean, { trees: ['bun'], room }).verdict.trees).toEqual(trees);
    const deferred = inspect(clean, { digest: 'deferred', trees: ['bun'] });
    expect(withDigest(deferred, archive.sha512).trees).toEqual(trees);
  });
});
