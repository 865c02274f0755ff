/* Reads the page of a project in a Simple API: JSON (PEP 691), or HTML (PEP 503). It says which file has which hash. */
import { isSamePypiVersion, parseWheelFileName } from '@tarwarden/core/metadata';
import { sriOfHex } from '@tarwarden/clients/lockfiles';
import { decodedHtml } from '@tarwarden/core/text';

interface LinkTag {
  readonly name: 'a' | 'base';
  /** Decoded, by name in lower case. The first attribute of a name counts, as it does for pip. */
  readonly attributes: ReadonlyMap<string, string>;
}

const START = /<(a|base)(?=[\s/>])/gi;

/** One attribute, with the space before it. Its parts end at different characters, so no text matches in several ways. */
const ATTRIBUTE =
  /[\s/]+([^\s/>"'<=\0]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'<`]+)))?(?=[\s/>])/y;

const END = /[\s/]*>/y;

/** @throws Error for a tag that clients may read in several ways. */
function* linkTags(page: string): Generator<LinkTag> {
  for (const start of page.matchAll(START)) {
    const name = start[1]!.toLowerCase() as LinkTag['name'];
    yield { name, attributes: attributesFrom(page, start.index + start[0].length) };
  }
}

function attributesFrom(page: string, from: number): Map<string, string> {
  const attributes = new Map<string, string>();
  let at = from;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(page);
    if (match === null) break;
    at = ATTRIBUTE.lastIndex;
    const [, name = '', double, single, bare] = match;
    const key = name.toLowerCase();
    if (!attributes.has(key))
      attributes.set(key, decodedHtml(double ?? single ?? bare ?? '', refuseReference));
  }
  END.lastIndex = at;
  if (!END.test(page)) throw new Error('its page has a link that clients read in several ways');
  return attributes;
}

/** Indexes have no reason to write other references, and clients could read them in several ways. */
function refuseReference(reference: string): never {
  throw new Error(`its page has a link with ${JSON.stringify(reference)}, which is not read`);
}

export interface PypiIndexFile {
  /** The name decides whether a client reads a wheel or a source archive. It is as the index has it, and may be no name of a file. */
  readonly fileName: string;
  readonly url: string;
  /** Subresource Integrity texts with one hash each. Empty if the index has no hash that a lockfile could have. */
  readonly hashes: readonly string[];
  /** The versions of Python on the page. */
  readonly requiresPython?: string;
  /** The index has the metadata of the wheel beside it. Its SHA-256 in lower-case hex, or an empty text if the page has none. */
  readonly metadata?: string;
}

export const ACCEPT =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.1, text/html;q=0.01';

/** Bytes of a page. The largest pages have some 20 million. */
export const PAGE_BYTES_MAX: number = 64 * 1024 * 1024;

/** PEP 503. */
export function normalisedName(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase();
}

/**
 * Every file that a client may take from the page, under each name by which a client knows it.
 *
 * @throws Error for a page that is neither, or that clients may read in several ways.
 */
export function filesOnPage(
  page: Buffer,
  { type, url }: { readonly type: string; readonly url: URL },
): PypiIndexFile[] {
  const text = page.toString('utf8');
  if (/^application\/vnd\.pypi\.simple\.v1\+json\b/i.test(type)) return ofJson(text, url);
  if (/\bhtml\b/i.test(type)) return ofHtml(text, url);
  throw new Error('its page is neither JSON nor HTML');
}

function ofJson(text: string, base: URL): PypiIndexFile[] {
  const page = JSON.parse(text) as { files?: unknown } | null;
  const files: unknown = page?.files;
  if (!Array.isArray(files)) throw new Error('its page lists no files');
  return files.flatMap((file: unknown) => {
    const fields = (file ?? {}) as Record<string, unknown>;
    const { filename, url, hashes } = fields;
    if (typeof filename !== 'string' || typeof url !== 'string') return [];
    const sriTexts = Object.entries(hashes ?? {}).flatMap(([algorithm, hex]) =>
      typeof hex === 'string' ? sriTextOf(algorithm, hex) : [],
    );
    const python = fields['requires-python'];
    const metadata = fields['core-metadata'] ?? fields['dist-info-metadata'];
    return fileAt(url, base, {
      hashes: sriTexts,
      fileName: filename,
      ...(typeof python === 'string' && { requiresPython: python }),
      ...metadataOf(metadata),
    });
  });
}

/** Reads links. The fragment of a link is the hash. */
function ofHtml(text: string, page: URL): PypiIndexFile[] {
  let base = page;
  const files: PypiIndexFile[] = [];
  for (const { name, attributes } of linkTags(text)) {
    const href = attributes.get('href');
    if (href === undefined) continue;
    if (name === 'a') files.push(...fileAt(href, base, anchorWords(href, attributes)));
    else if (URL.canParse(href, page.href)) base = new URL(href, page);
  }
  return files;
}

function anchorWords(href: string, attributes: LinkTag['attributes']): FileWords {
  const python = attributes.get('data-requires-python');
  const offered = attributes.get('data-core-metadata') ?? attributes.get('data-dist-info-metadata');
  const [, sha256] = /^sha256=([0-9a-f]{64})$/i.exec(offered ?? '') ?? [];
  return {
    hashes: hashesInAddress(href),
    ...(python !== undefined && { requiresPython: python }),
    ...metadataOf(sha256 === undefined ? offered !== undefined : { sha256 }),
  };
}

function metadataOf(offered: unknown): Pick<PypiIndexFile, 'metadata'> {
  if (offered === true) return { metadata: '' };
  if (typeof offered !== 'object' || offered === null) return {};
  const { sha256 = '' } = offered as Record<string, unknown>;
  return { metadata: String(sha256).toLowerCase() };
}

/** pip looks for a hash anywhere in the address. */
function hashesInAddress(href: string): string[] {
  return [...href.matchAll(/[#&](sha\d{1,3})=([0-9a-f]+)/gi)].flatMap(
    ([, algorithm = '', hex = '']) => sriTextOf(algorithm.toLowerCase(), hex),
  );
}

type FileWords = Omit<PypiIndexFile, 'fileName' | 'url'> & { readonly fileName?: string };

function fileAt(href: string, base: URL, { fileName, ...facts }: FileWords): PypiIndexFile[] {
  if (!URL.canParse(href, base.href)) return [];
  const url = new URL(href, base);
  url.hash = '';
  // A file at the origin of the index gets the same credential as the index.
  if (url.origin === base.origin && url.username === '')
    [url.username, url.password] = [base.username, base.password];
  // pip takes the name in the address, and uv the name on the page.
  const names = new Set([lastPart(url), fileName ?? lastPart(url)]);
  return [...names].map((name) => ({ ...facts, fileName: name, url: url.href }));
}

export function lastPart({ pathname }: URL): string {
  const component = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(component);
  } catch {
    return component;
  }
}

export function distributionFormatOf(fileName: string): 'wheel' | 'sdist' {
  return fileName.endsWith('.whl') ? 'wheel' : 'sdist';
}

/** Whether a name is safe as the name of a file in a folder. */
export function isPlainFileName(name: string): boolean {
  return /^[A-Za-z0-9_][\w.+!~-]{0,250}$/.test(name);
}

function sriTextOf(algorithm: string, hex: string): string[] {
  const integrity = sriOfHex(algorithm, hex);
  return integrity?.type === 'sri' ? [integrity.value] : [];
}

/** The endings of source archives that clients know. */
const SDIST = /\.(?:tar\.gz|tgz|tar|zip|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;

/** Whether a client may take a file for this version of a project. */
export function isOfVersion(
  fileName: string,
  { name, version }: { readonly name: string; readonly version: string },
): boolean {
  const projectName = normalisedName(name);
  const [fileProject, fileVersion] = namedIn(fileName, projectName.split('-').length) ?? [];
  if (
    fileProject === undefined ||
    fileVersion === undefined ||
    normalisedName(fileProject) !== projectName
  )
    return false;
  // `==1.0` is also 1.0+cpu.
  return isSamePypiVersion(
    version.includes('+') ? fileVersion : fileVersion.replace(/\+.*$/s, ''),
    version,
  );
}

/** The name and the version in the name of a file, if the name of the project has this many parts. */
function namedIn(fileName: string, partCount: number): readonly [string, string] | undefined {
  const wheel = parseWheelFileName(fileName);
  if (wheel !== undefined) return [wheel.name, wheel.version];
  const ending = SDIST.exec(fileName);
  if (ending === null) return undefined;
  const stem = fileName.slice(0, ending.index);
  const before = [...stem.matchAll(/[-_.]+/g)][partCount - 1];
  if (before === undefined) return undefined;
  return [stem.slice(0, before.index), stem.slice(before.index + before[0].length)];
}

/** The files of a page by their hashes. */
export interface IndexPage {
  readonly files: readonly PypiIndexFile[];
  readonly byHash: ReadonlyMap<string, readonly PypiIndexFile[]>;
  readonly unhashed: readonly PypiIndexFile[];
}

export function indexPage(files: readonly PypiIndexFile[]): IndexPage {
  const byHash = new Map<string, PypiIndexFile[]>();
  for (const file of files)
    for (const hash of file.hashes) {
      const sameHash = byHash.get(hash);
      if (sameHash === undefined) byHash.set(hash, [file]);
      else sameHash.push(file);
    }
  return { files, byHash, unhashed: files.filter(({ hashes }) => hashes.length === 0) };
}
