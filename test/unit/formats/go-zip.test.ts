import { DEFAULT_LIMITS, goModuleHash, inspect, recogniseFormat } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { goAttacks, goCleanArchives, GO_MODULE } from '../../support/attacks/go-zip.ts';
import { moduleZip } from '../../support/go/module-zip.ts';

const [name, version] = GO_MODULE.split('@') as [string, string];
const expected = { name, version };

describe('a module zip is rejected for', () => {
  it.each(goAttacks)('$name', ({ bytes, rules }) => {
    const verdict = inspect(bytes, { format: 'gomod', expected });
    const errors = verdict.findings.filter(({ level }) => level === 'error');
    expect(verdict.status).toBe('reject');
    expect(errors.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...rules]));
  });
});

describe('a module zip is accepted without a finding:', () => {
  it.each(goCleanArchives)('$name', ({ bytes }) => {
    const verdict = inspect(bytes, { format: 'gomod', expected });
    expect(verdict.findings).toEqual([]);
    expect(verdict.status).toBe('accept');
    expect(verdict.manifest).toEqual(expected);
  });
});

describe('a module zip is known', () => {
  it('by the folder of its first entry', () => {
    expect(recogniseFormat('v1.2.3.zip', moduleZip({ module: GO_MODULE }))).toBe('gomod');
    expect(recogniseFormat('v1.2.3.tgz', moduleZip({ module: GO_MODULE }))).not.toBe('gomod');
    const yarn = moduleZip({ module: 'node_modules/x', files: { 'package.json': '{}' } });
    expect(recogniseFormat('x.zip', yarn)).toBe('yarn-zip');
  });
});

describe('the h1: hash', () => {
  // From `go mod download -json` of go 1.24.4 for these very files.
  const files = { 'go.mod': 'module example.org/m\n', 'm.go': 'package m\n', 'a/b.txt': '' };

  it('is that of go', () => {
    const bytes = moduleZip({ module: 'example.org/m@v1.0.0', files });
    expect(goModuleHash(bytes)).toBe('h1:ELY7eoxViYrbQCAWh7fq5DCoRiVEvqbA3SmOwQZSL5w=');
  });

  it('is that of go for an archive with a link, which is a file for go', () => {
    const { bytes } = goAttacks.find(({ name }) => name === 'symlink')!;
    expect(goModuleHash(bytes)).toBe('h1:e7sQ1nq3cNAXfzObdFTJcyDL9nh36y/kxM32UnVO1T0=');
  });

  it('is none of what is no zip', () => {
    expect(goModuleHash(Buffer.from('no zip'))).toBeUndefined();
  });

  it('of an archive within the limits of the policy', () => {
    const bytes = moduleZip({ module: 'example.org/m@v1.0.0', files });
    expect(goModuleHash(bytes, DEFAULT_LIMITS)).toBe(goModuleHash(bytes));
    expect(goModuleHash(bytes, { ...DEFAULT_LIMITS, entries: 1 })).toBeUndefined();
  });
});
