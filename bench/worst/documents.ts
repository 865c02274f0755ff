import { gzip } from '../../test/support/gzip.ts';
import { archive, end, entry } from '../../test/support/tar.ts';
import { LEVELS, parts, type Family } from './family.ts';
import type { Genes, Reader } from './genome.ts';
import { LETTERS } from './paths.ts';

/** How many items there are, how long each is, and what it is made of. */
const ITEM_GENES: Genes = {
  items: 60_000,
  length: 400,
  /** The length of one long text beside them. */
  text: 2 * 1024 * 1024,
  numbered: ['yes', 'no'],
  letters: [...Object.keys(LETTERS), 'climbing', 'back', 'dots', 'short', 'pair', 'half'],
  level: LEVELS,
};

const SPELLED: Readonly<Record<string, string>> = {
  climbing: '../',
  back: 'a/../',
  dots: './',
  short: 'a/',
  pair: '\\ud800\\udc00',
  half: '\\ud800',
};

/** The item of a number, as JSON spells it inside quotes. */
function itemOf(read: Reader, at: number): string {
  const letters = read.word('letters');
  const spelled = SPELLED[letters] ?? JSON.stringify(LETTERS[letters]!).slice(1, -1);
  const text = spelled.repeat(read.number('length') / spelled.length);
  return read.word('numbered') === 'yes' ? `${text}${at}` : text;
}

function listOf(read: Reader, item: (text: string, at: number) => string): string {
  const items: string[] = [];
  for (let at = 0, bytes = 0; at < read.number('items') && bytes < 4 * 1024 * 1024; at++)
    bytes += items[items.push(item(itemOf(read, at), at)) - 1]!.length;
  return items.join();
}

const longOf = (read: Reader): string => {
  const spelling = SPELLED[read.word('letters')] ?? 'a/';
  return spelling.repeat(read.number('text') / spelling.length);
};

type Shape = (read: Reader) => string;
const field =
  (name: string, item: (text: string, at: number) => string): Shape =>
  (read) =>
    `{"name":"a","version":"1.0.0","man":"${longOf(read)}","${name}":{${listOf(read, item)}}}`;

const MANIFESTS: Readonly<Record<string, Shape>> = {
  bins: field('bin', (text) => `"${text}":"${text}"`),
  targets: field('bin', (text, at) => `"b${at}":"${text}"`),
  folders: field('bin', (text, at) => `"@a/b/${at}":"${text}/"`),
  dependencies: field('dependencies', (text) => `"${text}":"1"`),
  development: field('devDependencies', (text) => `"${text}":"1"`),
  directories: field('directories', (text, at) => `"${at}":"${text}"`),
  scripts: field('scripts', (text) => `"install":"${text}"`),
  twice: field('bin', (text, at) => `"b":"${text}${at}"`),
  lists: field('a', (text) => `"${text}":[]`),
  bundled: (read) => `{"bundleDependencies":[${listOf(read, (text) => `"${text}"`)}]}`,
  manual: (read) => `{"man":[${listOf(read, (text) => `"${text}"`)}]}`,
  keys: (read) => `{${listOf(read, (text) => `"${text}":1`)}}`,
  again: (read) =>
    `{"scripts":{"a":"${longOf(read)}"},${listOf(read, (_text, at) => `"scripts":{"a":${at}}`)}}`,
  bin: (read) => `{"name":"a","bin":"${longOf(read)}"}`,
  nested: (read) => {
    const depth = Math.min(read.number('items'), 60_000);
    return `{"a":${'{"a":['.repeat(depth)}"${longOf(read)}"${']}'.repeat(depth)}}`;
  },
};

const LOCKS: Readonly<Record<string, Shape>> = {
  places: field('packages', (text) => `"${text}":{}`),
  sources: field('packages', (text, at) => `"n${at}":{"resolved":"file:${text}"}`),
  links: field('packages', (text, at) => `"n${at}":{"link":true,"resolved":"${text}"}`),
  older: field('dependencies', (text, at) => `"n${at}":{"version":"file:${text}"}`),
  names: field('dependencies', (text) => `"${text}":{}`),
  nested: (read) => {
    const depth = Math.min(read.number('items'), 60_000);
    return `{"dependencies":${'{"a":{"dependencies":'.repeat(depth)}{}${'}}'.repeat(depth)}}`;
  },
  wide: field('dependencies', (text) => `"${text}":{"dependencies":{"a":{"dependencies":{}}}}`),
};

/** package.json of each shape, again and again. */
export const manifests: Family = {
  genes: { ...ITEM_GENES, copies: 50, shape: Object.keys(MANIFESTS) },
  build(read) {
    const body = MANIFESTS[read.word('shape')]!(read);
    const manifest = entry({ name: 'package/package.json', body });
    const all = parts(1 + read.number('copies'), () => manifest);
    return gzip(archive(all, end()), { level: Number(read.word('level')) });
  },
};

/** npm-shrinkwrap.json of each shape, beside a plain package.json. */
export const shrinkwraps: Family = {
  genes: { ...ITEM_GENES, shape: Object.keys(LOCKS) },
  build(read) {
    const lock = LOCKS[read.word('shape')]!(read);
    const manifest = entry({
      name: 'package/package.json',
      body: '{"name":"a","version":"1.0.0"}',
    });
    const shrinkwrap = entry({ name: 'package/npm-shrinkwrap.json', body: lock });
    return gzip(archive(manifest, shrinkwrap, end()), { level: Number(read.word('level')) });
  },
};
