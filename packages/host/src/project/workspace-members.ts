import { relative, sep } from 'node:path';

/** More `*` in one pattern would let a repository keep us busy. */
const MAX_WILDCARDS = 3;

/** One folder's name in a pattern of which it is known what it matches. */
const PLAIN = /^(?:[\w.@+ *?-]|\{[\w.,@+-]+\})+$/;

/**
 * Whether a folder is known to be a package of a workspace. pnpm 11 and 12 install any other by itself, without the
 * pnpmfile of the workspace. A pattern that is not understood proves nothing.
 */
export function isMember(root: string, folder: string, patterns: unknown): boolean {
  if (folder === root) return true;
  const path = relative(root, folder).split(sep).join('/');
  if (!Array.isArray(patterns) || /^\.\.(?:\/|$)|(?:^|\/)node_modules(?:\/|$)/.test(path))
    return false;
  const matches = patterns.map((one) => {
    const pattern = String(one);
    const negative = pattern.startsWith('!');
    const expression = expressionOf(negative ? pattern.slice(1) : pattern);
    return { negative, matches: expression?.test(`${path}/`) ?? negative };
  });
  return (
    matches.some((one) => !one.negative && one.matches) &&
    !matches.some((one) => one.negative && one.matches)
  );
}

/** Whether it is known what a pattern matches, and what it does not. */
export function isUnderstood(pattern: unknown): boolean {
  return expressionOf(String(pattern).replace(/^!/, '')) !== undefined;
}

function expressionOf(pattern: string): RegExp | undefined {
  const segments = pattern.replace(/^\.\//, '').replace(/\/+$/, '').split('/');
  const wildcards = pattern.split(/\*+/).length - 1;
  if (wildcards > MAX_WILDCARDS || !segments.every((one) => PLAIN.test(one))) return undefined;
  return new RegExp(`^${segments.map(segmentOf).join('')}$`);
}

function segmentOf(segment: string): string {
  if (segment === '**') return String.raw`(?:(?!\.)[^/]+/)*`;
  const text = segment
    .replaceAll(/[.+]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll(/\{([^}]*)\}/g, (_, all: string) => `(?:${all.replaceAll(',', '|')})`);
  return `${/^[*?]/.test(segment) ? String.raw`(?!\.)` : ''}${text}/`;
}
