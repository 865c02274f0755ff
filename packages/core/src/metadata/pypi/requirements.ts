/* One spelling for the statements of core metadata and of an index about dependencies, extras and versions of Python (PEP 508, PEP 440). */
import { createHash } from 'node:crypto';

import type { IndexClaim, IndexStatements } from '../index-claim.ts';
import { boundedList, boundedText } from '../bounded-list.ts';
import { readCoreMetadata } from './core-metadata.ts';
import { headerValues, readHeaderFields, type HeaderFields } from './header-fields.ts';
import { pypiNameKey } from './identity.ts';

/** A name, extras in brackets, and the rest. */
const REQUIREMENT = /^\s*([\w.-]+)\s*(?:\[([^\]]*)\])?([^]*)$/;

/** The statements in METADATA of a wheel. */
export function wheelStatements(bytes: Buffer): IndexStatements {
  return { ...digestsOf(bytes), ...statementsOf(readHeaderFields(bytes)) };
}

/** The statements in PKG-INFO of an sdist that hold for certain. Before version 2.2, and for a field in `Dynamic`, a build may state others. */
export function sdistStatements(bytes: Buffer): IndexStatements {
  const header = readHeaderFields(bytes);
  const [major = 0, minor = 0] = (headerValues(header, 'metadata-version')[0] ?? '')
    .split('.')
    .map(Number);
  const isStatic = major > 2 || (major === 2 && minor >= 2);
  const dynamic = new Set(headerValues(header, 'dynamic').map((field) => field.toLowerCase()));
  const { dependencies, extras, python } = statementsOf(header);
  const states = (field: string): boolean => isStatic && !dynamic.has(field);
  return {
    ...(states('requires-dist') && { dependencies }),
    ...(states('provides-extra') && { extras }),
    ...(states('requires-python') && { python }),
  };
}

/** The claim of the metadata file that an index has beside an archive (PEP 658). */
export function metadataFileClaim(bytes: Buffer, by: string): IndexClaim {
  const { name, version, wrong } = readCoreMetadata(bytes);
  const [unclear] = wrong;
  return {
    ecosystem: 'pypi',
    by,
    says: wheelStatements(bytes),
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(unclear !== undefined && { unclear }),
  };
}

/** `>=3.8,<4`, in the order of the texts. */
export function specifierKey(text: string): string {
  const bare = text.replace(/^\s*\(([^()]*)\)\s*$/, '$1').replace(/\s+/g, '');
  return boundedText(bare.split(',').filter(Boolean).sort().join(','));
}

function statementsOf(header: HeaderFields): Required<Pick<IndexStatements, StatedField>> {
  return {
    dependencies: boundedList(headerValues(header, 'requires-dist').map(requirementKey)),
    extras: boundedList(headerValues(header, 'provides-extra').map(pypiNameKey)),
    python: specifierKey(headerValues(header, 'requires-python')[0] ?? ''),
  };
}
type StatedField = 'dependencies' | 'extras' | 'python';

function requirementKey(text: string): string {
  const [, name, extras = '', tail = ''] = REQUIREMENT.exec(text) ?? [];
  if (name === undefined) return text.replace(/\s+/g, ' ');
  const nameWithExtras = pypiNameKey(name) + extrasKey(extras);
  // An address can contain a semicolon, so its marker is not split off.
  if (/^\s*@/.test(tail))
    return `${nameWithExtras} ${tail.trim().replaceAll("'", '"').replace(/\s+/g, ' ')}`;
  const at = tail.indexOf(';');
  const [specifier, marker] = at < 0 ? [tail, ''] : [tail.slice(0, at), tail.slice(at + 1)];
  return nameWithExtras + specifierKey(specifier) + markerKey(marker);
}

function extrasKey(text: string): string {
  const names = text
    .split(',')
    .map((name) => pypiNameKey(name.trim()))
    .filter(Boolean);
  return names.length === 0 ? '' : `[${[...new Set(names)].sort().join(',')}]`;
}

/** Parentheses around one comparison, which some tools leave out. */
const AROUND_ONE = /\((?![^()]* (?:and|or) )([^()]*)\)/g;

/** Tools write markers with either kind of quotes, and with any white space. */
function markerKey(text: string): string {
  const bare = text
    .replaceAll("'", '"')
    .replace(AROUND_ONE, ' $1 ')
    .replace(/\s+/g, ' ')
    .replace(/ ?([<>=!~]+|[()]) ?/g, '$1')
    .trim();
  return bare === '' ? '' : `; ${bare}`;
}

/**
 * The SHA-256 of the file, and that of its text. Servers may write other line endings, or end the file in another way, which no reader
 * distinguishes. The second is absent if it is the same, as in most wheels.
 */
function digestsOf(bytes: Buffer): Pick<IndexStatements, 'document' | 'text'> {
  const document = createHash('sha256').update(bytes).digest('hex');
  const plain = `${bytes.toString('latin1').replaceAll('\r\n', '\n').trimEnd()}\n`;
  const text = createHash('sha256').update(plain, 'latin1').digest('hex');
  return text === document ? { document } : { document, text };
}
