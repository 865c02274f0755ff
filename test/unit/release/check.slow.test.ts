/** The tools that look at a packed package are asked, and what they say counts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { problemsOf } from '../../../scripts/release/check.mjs';
import { tgz, type PkgOptions } from '../../support/pkg.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

const manifest = {
  description: 'a',
  license: 'MIT',
  type: 'module',
  exports: { '.': { types: './index.d.ts', default: './index.js' } },
  engines: { node: '>=20.19' },
  repository: { type: 'git', url: 'git+https://git.example/a.git' },
  homepage: 'https://git.example/a#readme',
  publishConfig: { access: 'public', provenance: true },
};
const files = {
  'README.md': '# a\n',
  LICENSE: 'MIT\n',
  'index.js': 'export const a = 1;\n',
  'index.d.ts': 'export declare const a: number;\n',
};

let folder: string;
freshFolder((made) => (folder = made));

async function problems(options: PkgOptions): Promise<string[]> {
  const file = join(folder, 'a.tgz');
  writeFileSync(file, tgz({ manifest, files, ...options }));
  return (await problemsOf(file, true)) as string[];
}

it('a package with an API that is as it should be', async () => {
  expect(await problems({})).toEqual([]);
});

it('publint and attw miss a file that the manifest names', async () => {
  const { 'index.d.ts': _, ...rest } = files;
  const found = await problems({ files: rest });
  expect(found).toContainEqual(expect.stringMatching(/^publint: .*index\.d\.ts/));
  expect(found).toContainEqual(expect.stringMatching(/^attw: /));
});

it('attw sees types that Node would not find', async () => {
  const text = "export * from './other';\n";
  const other = 'export declare const a: number;\n';
  const found = await problems({ files: { ...files, 'index.d.ts': text, 'other.d.ts': other } });
  expect(found).toContainEqual(expect.stringMatching(/^attw: /));
});
