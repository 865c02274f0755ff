import { posix } from 'node:path';

import type { Entry } from '../archive/entry.ts';
import { Trait, Typeflag } from '../archive/entry.ts';
import { MAX_LINK_HOPS } from '../limits.ts';
import { foldedKey } from './package-path.ts';

/** A link entry and its place inside the package. */
export interface Link {
  readonly entry: Entry;
  readonly key: string;
}

/**
 * Why a link does not resolve inside the package, or undefined where it does. Every link of the archive is
 * followed on the way, as the kernel would once all are on disk; a path that leaves the package at any
 * step, even to come back, does not stay inside.
 */
export function escapeOf(
  link: Link,
  links: ReadonlyMap<string, Link>,
  top: string,
): string | undefined {
  if (link.entry.linkpath === '') return 'the target is empty';
  return link.entry.typeflag === Typeflag.Hardlink
    ? hardlinkEscape(link, links, top)
    : walk(posix.dirname(link.key), link.entry.linkpath, links);
}

// A hard link names another entry from the root of the archive, so with the first folder.
function hardlinkEscape(
  link: Link,
  links: ReadonlyMap<string, Link>,
  top: string,
): string | undefined {
  const target = link.entry.linkpath;
  if (!target.startsWith(`${top}/`)) return 'the target is not in the package folder';
  const key = target.slice(top.length + 1);
  if (key === link.key) return 'the target is the link itself';
  return walk('.', key, links);
}

/** Key of a link among all: as the coarsest file system finds it, so that no link is missed for its spelling. */
export function linkKey(key: string): string {
  return foldedKey(key, Trait.NonAscii);
}

function walk(from: string, target: string, links: ReadonlyMap<string, Link>): string | undefined {
  if (/[\\\0]|^[A-Za-z]:/.test(target)) return 'the target is no portable relative path';
  if (target.startsWith('/')) return 'the target is absolute';
  const at: string[] = from === '.' ? [] : from.split('/');
  const rest = target.split('/').reverse();
  let hops = 0;
  while (rest.length > 0) {
    const part = rest.pop()!;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at.length === 0) return 'the target leaves the package';
      at.pop();
      continue;
    }
    at.push(part);
    const next = links.get(linkKey(at.join('/')));
    if (next === undefined) continue;
    if (++hops > MAX_LINK_HOPS) return `more than ${MAX_LINK_HOPS} links have to be followed`;
    if (next.entry.typeflag === Typeflag.Hardlink) continue;
    const { linkpath } = next.entry;
    if (linkpath.startsWith('/')) return 'the way leads through an absolute link';
    at.pop();
    rest.push(...linkpath.split('/').reverse());
  }
  return undefined;
}
