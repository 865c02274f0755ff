import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
    imports: { '#late': './src/late.ts' },
    exports: { '.': './src/index.ts', './main.cjs': './main.cjs' },
    dependencies: { b: '^1.0.0' },
    devDependencies: { '@own/c': 'workspace:*' },
  };

  it('has no key of the workspace, and says where it comes from', () => {
    expect(publishedManifest(source, 'packages/a', { repository: REPOSITORY, api: true })).toEqual({
      name: 'a',
      version: '1.2.3',
      license: 'MIT',
      dependencies: { b: '^1.0.0' },
      exports: {
        '.': { types: './dist/index.d.ts', default: './dist/index.js' },
        './main.cjs': './main.cjs',
      },
      repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory: 'packages/a' },
      homepage: `${REPOSITORY}#readme`,
      bugs: { url: `${REPOSITORY}/issues` },
      publishConfig: { access: 'public', provenance: true },
    });
  });

  it('exports no source where only bundles use it', () => {
    const { exports } = publishedManifest(source, 'packages/a', {
      repository: REPOSITORY,
      api: false,
    });
    expect(exports).toEqual({ './main.cjs': './main.cjs' });
  });

  it('is made only of a private one', () => {
    const open = { ...source, private: false };
    expect(() =>
      publishedManifest(open, 'packages/a', { repository: REPOSITORY, api: true }),
    ).toThrow(/"private": true/);
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
