import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: plain JavaScript, for the scripts
import { publishedManifest, publishedReadme } from '../../../scripts/release/manifest.mjs';
import { repository } from '../../support/managers.ts';

const REPOSITORY = 'https://git.example/owner/project';

it('in the repository every package is private', () => {
  const open = readdirSync(join(repository, 'packages')).filter((name) => {
    const text = readFileSync(join(repository, 'packages', name, 'package.json'), 'utf8');
    return (JSON.parse(text) as { private?: boolean }).private !== true;
  });
  expect(open).toEqual([]);
});

describe('a published manifest', () => {
  const source = {
    name: 'a',
    version: '1.2.3',
    private: true,
    license: 'MIT',
    scripts: { test: 'x' },
    dependencies: { b: '^1.0.0' },
    devDependencies: { '@own/c': 'workspace:*' },
  };

  it('has no key of the workspace, and says where it comes from', () => {
    expect(publishedManifest(source, 'packages/a', REPOSITORY)).toEqual({
      name: 'a',
      version: '1.2.3',
      license: 'MIT',
      dependencies: { b: '^1.0.0' },
      repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory: 'packages/a' },
      homepage: `${REPOSITORY}#readme`,
      bugs: { url: `${REPOSITORY}/issues` },
      publishConfig: { access: 'public', provenance: true },
    });
  });

  it('is made only of a private one', () => {
    const open = { ...source, private: false };
    expect(() => publishedManifest(open, 'packages/a', REPOSITORY)).toThrow(/"private": true/);
  });
});

describe('a published README', () => {
  const BASE = `${REPOSITORY}/blob/v1.2.3`;
  const published = (text: string): string => publishedReadme(text, 'packages/a', BASE);

  it('links to the pages of its version', () => {
    expect(published('[a](../../docs/a.md#b) and [c](../d/README.md)')).toBe(
      `[a](${BASE}/docs/a.md#b) and [c](${BASE}/packages/d/README.md)`,
    );
  });

  it('keeps addresses and headings', () => {
    const text = '[a](https://a.example/../b) [c](#d)';
    expect(published(text)).toBe(text);
  });

  it('links to nothing outside of the repository', () => {
    expect(() => published('[a](../../../b)')).toThrow(/leaves the repository/);
  });
});
