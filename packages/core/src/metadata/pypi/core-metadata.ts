import { MAX_PYPI_CHARS } from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import { readHeaderFields, valuesOf, type HeaderFields } from './header-fields.ts';

/** What METADATA or PKG-INFO says a distribution is (core metadata, PEP 566 and later). */
export interface CoreMetadata {
  readonly name?: string;
  readonly version?: string;
  /** The first requirement that names an address (PEP 508): it is fetched from there, whatever index is asked for the rest. */
  readonly elsewhere?: string;
  /** What is wrong with the file, in words: two readers may find different values in it. */
  readonly wrong: readonly string[];
}

/**
 * pkg_resources, which pip uses before Python 3.11, reads a version from lines that `str.splitlines` finds, also within another
 * field. Such a character alone is in descriptions of real packages. Only the last of several can be the one before the name,
 * and so a run of them is read once.
 */
// oxlint-disable-next-line no-control-regex -- these are the ends of lines for Python alone
const HIDDEN_FIELD = /[\v\f\x1c-\x1e\x85\u2028\u2029][^\S\v\f\u2028\u2029]*(?:name|version)\s*:/i;

/** A name, extras, and what comes before an address. */
const WITH_ADDRESS = /^\s*[\w.-]+\s*(?:\[[^\]]*\]\s*)?@/;

const IDENTITY = ['name', 'version'] as const;

/**
 * pkg_resources strips lines before it looks for the first that begins with `version:`, so that the continuation of a field is a
 * line like any other. Descriptions have such lines, but come after the version.
 */
const FOLDED_FIELD = /\n\s*(?:name|version)\s*:/i;

function hasFoldedIdentity({ fields }: HeaderFields): boolean {
  const end = fields.findLastIndex(({ name }) => name === 'name' || name === 'version');
  return fields.slice(0, end + 1).some(({ value }) => FOLDED_FIELD.test(value));
}

export function readCoreMetadata(bytes: Buffer): CoreMetadata {
  const read = readHeaderFields(bytes);
  const wrong: string[] = read.wrong === undefined ? [] : [read.wrong];
  if (read.fields.some(({ value }) => HIDDEN_FIELD.test(value)) || hasFoldedIdentity(read))
    wrong.push('some readers find another name or version within a field');
  const found: { name?: string; version?: string } = {};
  for (const field of IDENTITY) {
    const values = valuesOf(read, field);
    if (values.length === 0 || values[0] === '') wrong.push(`it has no field ${quote(field)}`);
    else if (values[0]!.length > MAX_PYPI_CHARS)
      wrong.push(`its ${field} has more than ${MAX_PYPI_CHARS} characters`);
    else found[field] = values[0]!;
    if (values.length > 1) wrong.push(`it has ${values.length} fields ${quote(field)}`);
  }
  const elsewhere = valuesOf(read, 'requires-dist').find((requirement) =>
    WITH_ADDRESS.test(requirement),
  );
  return { ...found, ...(elsewhere !== undefined && { elsewhere }), wrong };
}
