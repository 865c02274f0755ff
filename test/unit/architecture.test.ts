/** ARCHITECTURE.md names packages, files and functions that exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../support/managers.ts';

const page = readFileSync(join(repository, 'ARCHITECTURE.md'), 'utf8');

function section(heading: string): string {
  return page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
}

const exists = (path: string): boolean => existsSync(join(repository, path));

it('lists every package', () => {
  const listed = [...section('Packages').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(new Set(listed)).toEqual(new Set(readdirSync(join(repository, 'packages'))));
});

it('names files that exist where it says where to find things', () => {
  const cells = section('Where do I find').matchAll(/`([a-z-]+\/(?:src|guard)\/[^`<]+)`/g);
  const paths = [...cells].map(([, path]) => `packages/${path}`);
  expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((path) => !exists(path))).toEqual([]);
});

it('follows the tarball through functions that are in the files named beside them', () => {
  const life = section('The life of one tarball');
  const folders = [...life.matchAll(/`(packages\/[^`]+)\/[^`/]+`/g)].map(
    ([, folder = '']) => folder,
  );
  /** The page gives the folder of a file once, and then only its name. */
  const whole = (file: string): string =>
    file.includes('/') ? file : (folders.map((folder) => `${folder}/${file}`).find(exists) ?? file);
  const pairs = [...life.matchAll(/`([\w.]+)`\s+\(`([^`]+\.ts)`\)/g)];
  expect(pairs.length).toBeGreaterThan(15);
  const absent = pairs.filter(([, name = '', file = '']) => {
    const path = whole(file);
    const word = name.split('.').at(-1) ?? '';
    return !exists(path) || !readFileSync(join(repository, path), 'utf8').includes(word);
  });
  expect(absent.map(([text]) => text)).toEqual([]);
});
