/** A new format is a folder below `formats`, and a line or two in three lists. `pnpm rules` writes the ids of its rules. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Verdict } from '@tarwarden/core';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archive, end, entry } from '../../support/tar.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const modules = join(root, 'packages/core/node_modules');
let copy: string;

/** The lines of a new format by the file that gets them, each with the line that it follows. */
const LINES: Readonly<Record<string, readonly (readonly [after: string, line: string])[]>> = {
  'finding/format.ts': [["  gem: 'rubygems',", "  toy: 'npm',"]],
  'formats/index.ts': [
    [
      "import type { PackageFormat } from './format.ts';",
      "import { toyFormat } from './toy/format.ts';",
    ],
    ['  gemFormat,', '  toyFormat,'],
  ],
  'catalogue/index.ts': [
    [
      "import type { Rule } from '../rules/rule.ts';",
      "import { toyContentsRules } from '../formats/toy/rules/contents/index.ts';",
    ],
    ["  ['Module zips of Go', goModuleRules],", "  ['Toys', toyContentsRules],"],
  ],
  'finding/rule-id.ts': [['export type RuleId =', "  | 'toy-name-missing'"]],
};

let inspect: (bytes: Uint8Array, options: { readonly format: string }) => Verdict;

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'toy-format-'));
  const source = join(copy, 'src');
  cpSync(join(root, 'packages/core/src'), source, { recursive: true });
  cpSync(join(root, 'test/support/toy-format'), join(source, 'formats/toy'), { recursive: true });
  for (const [path, lines] of Object.entries(LINES)) {
    const text = readFileSync(join(source, path), 'utf8');
    writeFileSync(join(source, path), withLines(text, lines));
  }
  const outfile = join(copy, 'core.mjs');
  const entryPoints = [join(source, 'index.ts')];
  const settings = { bundle: true, format: 'esm', platform: 'node' } as const;
  await build({ entryPoints, outfile, nodePaths: [modules], ...settings });
  ({ inspect } = (await import(pathToFileURL(outfile).href)) as { inspect: typeof inspect });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function found(...parts: Buffer[]): [string, string[]] {
  const { status, findings } = inspect(archive(parts, end()), { format: 'toy' });
  return [status, findings.map(({ rule }) => rule)];
}

describe('a format in a folder of its own', () => {
  it('has the types that the core asks for', () => {
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        noEmit: true,
        declaration: true,
        composite: false,
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: ['src'],
    };
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
    writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config));
    cpSync(modules, join(copy, 'node_modules'), { recursive: true, verbatimSymlinks: false });
    const tsc = join(root, 'node_modules/typescript', binOf('typescript'));
    const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', copy], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['', 0]);
  });

  it('is inspected by the rules that it names, and by its own', () => {
    const name = entry({ name: 'toy/NAME', body: 'bear\n' });
    expect(found(name)).toEqual(['accept', []]);
    expect(found(entry({ name: 'toy/x', body: '1' }))).toEqual(['reject', ['toy-name-missing']]);
    const link = entry({ name: 'toy/link', typeflag: '2', linkname: '/etc' });
    expect(found(name, link)).toEqual(['reject', ['symlink']]);
    expect(found(name, entry({ name: '../x', body: '' }))).toEqual(['reject', ['escaping-path']]);
  });

  it('says who the package is', () => {
    const bytes = archive(entry({ name: 'toy/NAME', body: 'bear' }), end());
    expect(inspect(bytes, { format: 'toy' }).manifest).toEqual({ name: 'bear' });
  });
});

function withLines(text: string, lines: (typeof LINES)[string]): string {
  return lines.reduce((before, [after, line]) => {
    expect(before.split(`${after}\n`)).toHaveLength(2);
    return before.replace(`${after}\n`, () => `${after}\n${line}\n`);
  }, text);
}

function binOf(name: string): string {
  const file = join(root, 'node_modules', name, 'package.json');
  const { bin } = JSON.parse(readFileSync(file, 'utf8')) as { bin: Record<string, string> };
  return bin['tsc'] ?? '';
}
