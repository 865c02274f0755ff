/* The page of a project in a Simple API: JSON (PEP 691), or HTML (PEP 503). It says which file has which hash. */
import { sriOfHex } from '@tarwarden/lockfiles';

export interface IndexedFile {
  readonly fileName: string;
  readonly url: string;
  /** Subresource Integrity, one hash each. */
  readonly hashes: readonly string[];
}

export const ACCEPT =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.1, text/html;q=0.01';

/** Bytes of a page. Those of the largest projects have some 20 million. */
export const PAGE_BYTES_MAX: number = 64 * 1024 * 1024;

/** Characters of a tag; a longer one is passed over. */
const TAG_CHARS_MAX = 16 * 1024;

/** PEP 503. */
export function normalisedName(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase();
}

/** @throws Error for a page that is neither. */
export function filesOf(
  page: Buffer,
  { type, url }: { readonly type: string; readonly url: URL },
): IndexedFile[] {
  const text = page.toString('utf8');
  if (/^application\/vnd\.pypi\.simple\.v1\+json\b/i.test(type)) return ofJson(text, url);
  if (/\bhtml\b/i.test(type)) return [...ofHtml(text, url)];
  throw new Error('its page is neither JSON nor HTML');
}

function ofJson(text: string, base: URL): IndexedFile[] {
  const page = JSON.parse(text) as { files?: unknown } | null;
  const files: unknown = page?.files;
  if (!Array.isArray(files)) throw new Error('its page lists no files');
  return files.flatMap((file: unknown) => {
    const { filename, url, hashes } = (file ?? {}) as Record<string, unknown>;
    if (typeof filename !== 'string' || typeof url !== 'string') return [];
    const all = Object.entries(hashes ?? {}).flatMap(([algorithm, hex]) =>
      typeof hex === 'string' ? sriTextOf(algorithm, hex) : [],
    );
    return fileAt(url, base, all, filename);
  });
}

/** Links, of which the fragment is the hash. */
function* ofHtml(text: string, page: URL): Generator<IndexedFile> {
  let base = page;
  for (const tag of tagsOf(text)) {
    const href = attribute(tag, 'href');
    if (href === undefined) continue;
    if (/^base\s/i.test(tag)) {
      if (URL.canParse(href, page.href)) base = new URL(href, page);
      continue;
    }
    const [, algorithm = '', hex = ''] = /#(?:.*&)?(sha\d+)=([0-9a-f]+)/i.exec(href) ?? [];
    yield* fileAt(href, base, sriTextOf(algorithm.toLowerCase(), hex));
  }
}

function fileAt(
  href: string,
  base: URL,
  hashes: readonly string[],
  fileName?: string,
): IndexedFile[] {
  if (!URL.canParse(href, base.href)) return [];
  const url = new URL(href, base);
  url.hash = '';
  // What the index is asked with, its files are as well, where they are at the same place.
  if (url.origin === base.origin && url.username === '')
    [url.username, url.password] = [base.username, base.password];
  const name = lastPart(url);
  // pip goes by the address, uv by the name: a file that each reads as another is none that can be told.
  if (fileName !== undefined && fileName !== name) return [];
  return isFileName(name) && hashes.length > 0 ? [{ fileName: name, url: url.href, hashes }] : [];
}

export function lastPart({ pathname }: URL): string {
  const part = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A name that leads nowhere else. */
export function isFileName(name: string): boolean {
  return /^[A-Za-z0-9_][\w.+!~-]{0,250}$/.test(name);
}

function sriTextOf(algorithm: string, hex: string): string[] {
  const integrity = sriOfHex(algorithm, hex);
  return integrity?.type === 'sri' ? [integrity.value] : [];
}

/** What is in the tags `<a …>` and `<base …>`. Each character is looked at a fixed number of times. */
function* tagsOf(text: string): Generator<string> {
  const start = /<(?=(?:a|base)\s)/gi;
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    let quote = '';
    let at = start.lastIndex;
    const end = Math.min(text.length, at + TAG_CHARS_MAX);
    for (; at < end; at += 1) {
      const character = text[at]!;
      if (quote !== '') quote = character === quote ? '' : quote;
      else if (character === '"' || character === "'") quote = character;
      else if (character === '>') break;
    }
    if (at < end) yield text.slice(start.lastIndex, at);
    start.lastIndex = at;
  }
}

function attribute(tag: string, name: string): string | undefined {
  const [, double, single] =
    new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag) ?? [];
  return (double ?? single)?.replaceAll(/&(?:amp|#38|#x26);/gi, '&');
}
