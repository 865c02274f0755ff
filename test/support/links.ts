/** Links of Markdown pages, and whether they lead anywhere. Paths are relative to the repository, with slashes. */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { repository } from './managers.ts';

const FENCED = /^( *)(`{3,}|~{3,})[^]*?^\1\2.*$/gm;

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

/** The anchors of a page, as GitHub makes them of its headings: a second equal one gets a number. */
export function anchorsOf(path: string): string[] {
  const seen = new Map<string, number>();
  const headings = read(path)
    .replace(FENCED, '')
    .matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) => {
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** Targets of the links and images of a page that are relative to it. What is shown as code is not a link. */
export function linksOf(path: string): string[] {
  const text = read(path)
    .replace(FENCED, '')
    .replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z][a-z\d+.-]*:/i.test(target));
}

/** The file that a link of a page leads to, without the anchor. */
export function targetOf(page: string, link: string): string {
  const [file = ''] = link.split('#');
  return file === '' ? page : posix.normalize(posix.join(posix.dirname(page), file));
}

/** What is wrong with a link of a page, or undefined. */
export function brokenLink(page: string, link: string): string | undefined {
  const target = targetOf(page, link);
  if (target.startsWith('..')) return `${page}: ${link} leaves the repository`;
  if (!existsSync(join(repository, target))) return `${page}: ${link} leads to no file`;
  const [, anchor] = link.split('#');
  if (anchor === undefined || (target.endsWith('.md') && anchorsOf(target).includes(anchor)))
    return undefined;
  return `${page}: ${link} leads to no heading`;
}
