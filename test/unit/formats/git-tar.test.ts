import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '@tarwarden/core';
import { gitTar, inspectAs } from '@tarwarden/core/npm';
import { archive, end, entry, type Part } from '../../support/tar.ts';

const MANIFEST = entry({ name: 'package.json', body: '{"name":"a","version":"1.0.0"}' });

/** A tar as git writes it: its entries lie at the top. */
function inspectTar(...parts: readonly Part[]): Verdict {
  const tar = archive(MANIFEST, ...parts, end());
  return inspectAs(gitTar, gzipSync(tar, { level: 0 }), {}) as Verdict;
}

describe('a tar of git', () => {
  it('is accepted without a first folder, and says what package it is', () => {
    const verdict = inspectTar(
      entry({ name: 'index.js', body: '1' }),
      entry({ name: 'lib/', typeflag: '5' }),
      entry({ name: 'lib/a.js', body: '2' }),
    );
    expect(verdict.findings).toEqual([]);
    expect(verdict).toMatchObject({ status: 'accept', manifest: { name: 'a', version: '1.0.0' } });
  });

  it.each<[string, Part]>([
    ['symlink', entry({ name: 'link', typeflag: '2', linkname: '/etc/hostname' })],
    ['escaping-path', entry({ name: '../x', body: '' })],
    ['duplicate-path', entry({ name: 'package.json', body: '{"name":"b"}' })],
    ['name-collision', entry({ name: 'Package.json', body: '{}' })],
  ])('is rejected by %s', (rule, part) => {
    const { status, findings } = inspectTar(part);
    expect(status).toBe('reject');
    expect(findings.map((one) => one.rule)).toContain(rule);
  });

  it('is rejected where package.json lies in a folder', () => {
    const tar = archive(entry({ name: 'package/package.json', body: '{}' }), end());
    expect(inspectAs(gitTar, gzipSync(tar), {})).toMatchObject({ status: 'reject' });
  });
});
