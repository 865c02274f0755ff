/* Reads the page of a project in an index: JSON (PEP 691) or HTML (PEP 503). Entries that are not understood are left out. */
import { isRecord } from '@tarwarden/core/metadata';
import { GatewayAnswer } from '../answers.ts';
import { jsonValue } from '../json.ts';
import { lastSegment } from '../packument.ts';
import { isDistributionName, versionsOf, type VersionReader } from './file-names.ts';
import { htmlTags } from './tags.ts';

export type Hashes = Readonly<Record<string, string>>;

/** A file as the index describes it. */
export interface ProjectFile {
  readonly fileName: string;
  readonly version: string;
  /** The address at the index: http or https, without user and fragment. */
  readonly url: string;
  /** Lower-case hex by algorithm. */
  readonly hashes: Hashes;
  readonly requiresPython?: string;
  /** Whether the file is withdrawn, perhaps with a reason. */
  readonly yanked?: true | string;
  /** Whether a wheel's metadata is available separately (PEP 658), and its hashes. */
  readonly metadata?: true | Hashes;
  readonly size?: number;
  readonly uploadTime?: string;
}

export interface ProjectPage {
  readonly project: string;
  readonly files: readonly ProjectFile[];
}

/** The media types that are requested from an index. */
export const ACCEPT =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.1, text/html;q=0.01';

/** The length in hex digits of the digests that clients know. */
const DIGITS: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
  blake2b_256: 64,
};
/** The most characters of a file's fields, its address included. */
const SAID_MAX = 4096;
/** The most files of a page: those of the largest projects have some 20 thousand. */
const FILES_MAX = 100_000;
/** The most values of JSON: some 16 for each file, and characters in texts that are counted as values. */
const VALUES_MAX = 20 * FILES_MAX;

interface Said extends Omit<ProjectFile, 'fileName' | 'version' | 'url'> {
  readonly href: string;
  /** The name that the index gives beside the address. */
  readonly name?: string;
}

/**
 * @param url The page's address, to which its links are relative.
 * @throws GatewayAnswer for a page in neither format.
 */
export function projectPage(
  body: Buffer,
  { project, type, url }: { readonly project: string; readonly type: string; readonly url: URL },
): ProjectPage {
  const isJson = /^application\/vnd\.pypi\.simple\.v1\+json\b/i.test(type);
  if (!isJson && !/\bhtml\b/i.test(type))
    throw new GatewayAnswer(502, 'the page of the index is neither JSON nor HTML');
  const { base, said } = isJson ? saidInJson(body, url) : saidInHtml(body.toString('utf8'), url);
  if (said.length > FILES_MAX)
    throw new GatewayAnswer(502, `the page of the index lists more than ${FILES_MAX} files`);
  const versionIn = versionsOf(project);
  // The first of two files with the same name wins, because both would get the same address.
  const files = new Map<string, ProjectFile>();
  for (const entry of said) {
    const file = fileOf(entry, base, versionIn);
    if (file !== undefined && !files.has(file.fileName)) files.set(file.fileName, file);
  }
  return { project, files: [...files.values()] };
}

function fileOf(
  { href, name, ...about }: Said,
  base: URL,
  versionIn: VersionReader,
): ProjectFile | undefined {
  if (href.length > SAID_MAX || !URL.canParse(href, base.href)) return undefined;
  const url = new URL(href, base);
  if (url.href.length > SAID_MAX || !/^https?:$/.test(url.protocol)) return undefined;
  url.hash = '';
  url.username = '';
  url.password = '';
  const fileName = lastSegment(url.href);
  // pip reads the name from the address, uv from the name field: a file for which they differ is left out.
  if (fileName === undefined || (name !== undefined && name !== fileName)) return undefined;
  const version = isDistributionName(fileName) ? versionIn(fileName) : undefined;
  return version === undefined ? undefined : { fileName, version, url: url.href, ...about };
}

interface SaidInPage {
  readonly base: URL;
  readonly said: readonly Said[];
}

function saidInJson(body: Buffer, base: URL): SaidInPage {
  const page = jsonValue(body, { valuesMax: VALUES_MAX, status: 502 });
  const files = isRecord(page) ? page['files'] : undefined;
  if (!Array.isArray(files)) throw new GatewayAnswer(502, 'the page of the index lists no files');
  const said = files.flatMap((file: unknown): Said[] => {
    if (!isRecord(file)) return [];
    const { filename, url, size, yanked } = file;
    if (typeof filename !== 'string' || typeof url !== 'string') return [];
    const metadata = metadataIn(file['core-metadata'] ?? file['dist-info-metadata']);
    const requiresPython = textIn(file['requires-python']);
    const uploadTime = textIn(file['upload-time']);
    const reason = yanked === true ? true : textIn(yanked);
    return [
      {
        href: url,
        name: filename,
        hashes: hashesIn(file['hashes']),
        ...(requiresPython !== undefined && { requiresPython }),
        ...(reason !== undefined && { yanked: reason }),
        ...(metadata !== undefined && { metadata }),
        ...(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 && { size }),
        ...(uploadTime !== undefined && { uploadTime }),
      },
    ];
  });
  return { base, said };
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= SAID_MAX ? value : undefined;
}

function hashesIn(value: unknown): Hashes {
  const all = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(all.flatMap(([name, hex]) => hashEntry(name, String(hex))));
}

function metadataIn(value: unknown): true | Hashes | undefined {
  if (value === true) return true;
  if (!isRecord(value)) return undefined;
  const hashes = hashesIn(value);
  return Object.keys(hashes).length === 0 ? undefined : hashes;
}

function hashEntry(name: string, value: string): [string, string][] {
  const [algorithm, hex] = [name.toLowerCase(), value.toLowerCase()];
  const digits = Object.hasOwn(DIGITS, algorithm) ? DIGITS[algorithm] : undefined;
  return digits === hex.length && /^[0-9a-f]*$/.test(hex) ? [[algorithm, hex]] : [];
}

function saidInHtml(text: string, page: URL): SaidInPage {
  let base: URL | undefined;
  const said: Said[] = [];
  for (const { name, attributes } of htmlTags(text)) {
    const href = attributes.get('href')?.trim();
    if (href === undefined) continue;
    if (name === 'base' && base === undefined && URL.canParse(href, page.href))
      base = new URL(href, page);
    if (name === 'a') said.push(saidInAnchor(href, attributes));
    if (said.length > FILES_MAX) break;
  }
  return { base: base ?? page, said };
}

/** Parses `sha256=…`, as in fragments and attributes. */
function hashesInText(text: string): Hashes {
  const [, name = '', hex = ''] = /(?:^|[#&])([a-z0-9_]+)=([0-9a-f]+)/i.exec(text) ?? [];
  return Object.fromEntries(hashEntry(name, hex));
}

function saidInAnchor(href: string, attributes: ReadonlyMap<string, string>): Said {
  const requiresPython = textIn(attributes.get('data-requires-python'));
  const yanked = textIn(attributes.get('data-yanked'));
  const promised =
    attributes.get('data-core-metadata') ?? attributes.get('data-dist-info-metadata');
  const metadata = promised === 'true' ? true : metadataIn(hashesInText(promised ?? ''));
  const [, fragment = ''] = /#(.*)$/s.exec(href) ?? [];
  return {
    href,
    hashes: hashesInText(fragment),
    ...(requiresPython !== undefined && { requiresPython }),
    ...(yanked !== undefined && { yanked: yanked === '' ? true : yanked }),
    ...(metadata !== undefined && { metadata }),
  };
}
