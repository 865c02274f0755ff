import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokenLink, linksOf, targetOf } from '../support/links.ts';
import { repository } from '../support/managers.ts';

const INDEX = 'docs/README.md';

const docs = readdirSync(join(repository, 'docs'), { recursive: true })
  .map((file) => `docs/${String(file).replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.md'));
const readmes = readdirSync(join(repository, 'packages')).map(
  (name) => `packages/${name}/README.md`,
);
const top = readdirSync(repository).filter((file) => file.endsWith('.md'));

describe('the index of the documentation', () => {
  it('links to every page, but for those of the rules, which have an index of their own', () => {
    const linked = new Set(linksOf(INDEX).map((link) => targetOf(INDEX, link)));
    const missing = docs.filter(
      (page) => page !== INDEX && !/^docs\/rules\/(?!README)/.test(page) && !linked.has(page),
    );
    expect(docs.length).toBeGreaterThan(100);
    expect(missing).toEqual([]);
  });
});

describe('a link', () => {
  it.each([
    ['cli.md', undefined],
    ['../README.md#how-to-use-it', undefined],
    ['#examples', undefined],
    ['rules/', undefined],
    ['absent.md', 'leads to no file'],
    ['cli.md#absent', 'leads to no heading'],
    ['#absent', 'leads to no heading'],
    ['../../README.md', 'leaves the repository'],
  ])('to %s is checked: %s', (link, problem) => {
    const wanted = problem === undefined ? undefined : expect.stringContaining(problem);
    expect(brokenLink('docs/cli.md', link)).toEqual(wanted);
  });
});

it.each([...top, ...readmes, ...docs])('the links of %s lead to files and headings', (page) => {
  const broken = linksOf(page).flatMap((link) => brokenLink(page, link) ?? []);
  expect(broken).toEqual([]);
});
