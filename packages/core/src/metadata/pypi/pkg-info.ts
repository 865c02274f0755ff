import { isUtf8 } from 'node:buffer';

import { MAX_HEADER_FIELDS } from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import { requirementWithAddress } from './core-metadata.ts';
import { readHeaderFields, headerValues } from './header-fields.ts';
import { isPypiName } from './identity.ts';

/** The identity in a PKG-INFO, or the reason why it is not certain. */
export type PkgInfo =
  | {
      readonly ok: true;
      readonly name: string;
      readonly version: string;
      /** The first requirement with an address (PEP 508). */
      readonly elsewhere?: string;
    }
  | { readonly ok: false; readonly problem: string };

/** Lines that some reader takes for a name or version, even where other readers skip them or end the headers. */
const IDENTITY = /^[^\S\t ]*(?:name|version)\s*:/i;
const PRINTABLE = /^[!-~]+$/;

/**
 * Reads the identity in a PKG-INFO (core metadata, PEP 314 to 643). Real files have descriptions without indentation, which end the
 * headers for Python. Such a line is not an error, as long as no name or version follows it.
 */
export function readPkgInfo(bytes: Buffer): PkgInfo {
  const bad = (problem: string): PkgInfo => ({ ok: false, problem });
  if (!isUtf8(bytes)) return bad('it is not UTF-8');
  const header = readHeaderFields(bytes);
  if (header.fields.length >= MAX_HEADER_FIELDS && header.wrong !== undefined)
    return bad(header.wrong);
  const names = headerValues(header, 'name');
  const versions = headerValues(header, 'version');
  if (names.length !== 1) return bad(`it has ${names.length} fields "name"`);
  if (versions.length !== 1) return bad(`it has ${versions.length} fields "version"`);
  const stray = linesLikeIdentity(bytes.toString('utf8'))[2];
  if (stray !== undefined) return bad(`some readers take ${quote(stray)} as a field`);
  const [name = ''] = names;
  const [version = ''] = versions;
  if (!isPypiName(name)) return bad(`its name is ${quote(name)}`);
  if (!PRINTABLE.test(version)) return bad(`its version is ${quote(version)}`);
  const elsewhere = requirementWithAddress(header);
  return { ok: true, name, version, ...(elsewhere !== undefined && { elsewhere }) };
}

/** Lines before the first empty one. */
function linesLikeIdentity(text: string): string[] {
  const end = /(?:\r\n|\n|\r)(?:\r\n|\n|\r)/.exec(text)?.index ?? text.length;
  return text
    .slice(0, end)
    .split(/\r\n|\n|\r/)
    .filter((line) => IDENTITY.test(line));
}
