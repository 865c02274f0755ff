/** The files in which a user configures pnpm, read as pnpm reads them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSettings } from '../../../packages/pnpm-hook/src/check/read-settings.ts';
import { readIni, readYaml } from '../../../packages/pnpm-hook/src/user-files.ts';

const { dump } = createRequire(new URL('../../../packages/host/package.json', import.meta.url))(
  'js-yaml',
) as { dump(value: unknown, options: object): string };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-user-files-'));
  file = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('config.yaml', () => {
  test.each([
    ['storeDir: /a/store', { storeDir: '/a/store' }],
    ['storeDir: /a/store   # mine', { storeDir: '/a/store' }],
    ['storeDir: /a#store', { storeDir: '/a#store' }],
    ['storeDir: "/a # store"', { storeDir: '/a # store' }],
    ["storeDir: '/a' # mine, 'not' yours", { storeDir: '/a' }],
    [
      'nodeDownloadMirrors: # of the office\n  release: https://mirror.example/ # fast\nstoreDir: /a',
      { 'nodeDownloadMirrors.release': 'https://mirror.example/', storeDir: '/a' },
    ],
    ['# storeDir: /a', {}],
    ['', {}],
  ])('%j', (text, settings) => {
    writeFileSync(file, text);
    expect(readYaml(file)).toEqual(settings);
    // As a parser for all of YAML reads it.
    const flat = Object.entries(readSettings(file, 'yaml')).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([inner, one]) => [`${key}.${inner}`, one])
        : [[key, value]],
    );
    expect(Object.fromEntries(flat)).toEqual(settings);
  });
});

describe('config.yaml as pnpm config set writes it', () => {
  const text = fc.string({
    unit: fc.constantFrom(...'aB0/._~ :#\'"-\\@[]{}&*!|>%?,'.split('')),
    minLength: 1,
    maxLength: 12,
  });

  test('is read as a parser for all of YAML reads it', () => {
    fc.assert(
      fc.property(text, text, (store, mirror) => {
        const written = dump(
          { storeDir: store, nodeDownloadMirrors: { release: mirror } },
          { lineWidth: -1 },
        );
        writeFileSync(file, written);
        expect(readYaml(file)).toEqual({
          storeDir: store,
          'nodeDownloadMirrors.release': mirror,
        });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('.npmrc', () => {
  test('has settings, comments, and variables of the environment', () => {
    writeFileSync(
      file,
      '; a comment\n# another\nregistry = https://r.example/\n//r.example/:_authToken=${TOKEN}\nkey="a b"\nalone\n=x\nx=${GONE}\n',
    );
    expect(readIni(file, { TOKEN: 'secret' })).toEqual({
      registry: 'https://r.example/',
      '//r.example/:_authToken': 'secret',
      key: 'a b',
      alone: 'true',
      x: '${GONE}',
    });
  });

  test('has no settings in sections and lists, and none that is not its own', () => {
    writeFileSync(file, 'key=a ; of the office\nlist[]=b\n__proto__=c\n[section]\nstore-dir=/d\n');
    expect(readIni(file, {})).toEqual({ key: 'a' });
  });
});

test('a file that is not there has no settings', () => {
  expect([readYaml(file), readIni(file, {})]).toEqual([{}, {}]);
});
