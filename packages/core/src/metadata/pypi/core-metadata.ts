import { MAX_PYPI_CHARS } from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import { readHeaderFields, headerValues, type HeaderFields } from './header-fields.ts';

/** The identity of a distribution in METADATA or PKG-INFO (core metadata, PEP 566 and later). */
export interface CoreMetadata {
  readonly name?: string;
  readonly version?: string;
  /** The first requirement with an address (PEP 508). pip fetches it from there, and not from an index. */
  readonly elsewhere?: string;
  /** Problems with the file, in words, for which two readers may find different values. */
  readonly wrong: readonly string[];
}

/**
 * pkg_resources, which pip uses before Python 3.11, splits the text with `str.splitlines`, and so finds a version inside another
 * field. Descriptions of real packages contain such characters, so only one before `name:` or `version:` counts. The expression
 * starts at the last of several, so that a run of them is read once.
 */
// oxlint-disable-next-line no-control-regex -- these are the ends of lines for Python alone
const HIDDEN_FIELD = /[\v\f\x1c-\x1e\x85\u2028\u2029][^\S\v\f\u2028\u2029]*(?:name|version)\s*:/i;

/** A name, extras, and the `@` before an address. */
const WITH_ADDRESS = /^\s*[\w.-]+\s*(?:\[[^\]]*\]\s*)?@/;

const IDENTITY = ['name', 'version'] as const;

/**
 * pkg_resources strips lines before it looks for the first one with `version:`, so the continuation of a field counts as a line of its
 * own. Descriptions have such lines, but come after the version.
 */
const FOLDED_FIELD = /\n\s*(?:name|version)\s*:/i;

function hasFoldedIdentity({ fields }: HeaderFields): boolean {
  const end = fields.findLastIndex(({ name }) => name === 'name' || name === 'version');
  return fields.slice(0, end + 1).some(({ value }) => FOLDED_FIELD.test(value));
}

export function readCoreMetadata(bytes: Buffer): CoreMetadata {
  const header = readHeaderFields(bytes);
  const wrong: string[] = header.wrong === undefined ? [] : [header.wrong];
  if (header.fields.some(({ value }) => HIDDEN_FIELD.test(value)) || hasFoldedIdentity(header))
    wrong.push('some readers find another name or version within a field');
  const identity: { name?: string; version?: string } = {};
  for (const field of IDENTITY) {
    const values = headerValues(header, field);
    if (values.length === 0 || values[0] === '') wrong.push(`it has no field ${quote(field)}`);
    else if (values[0]!.length > MAX_PYPI_CHARS)
      wrong.push(`its ${field} has more than ${MAX_PYPI_CHARS} characters`);
    else identity[field] = values[0]!;
    if (values.length > 1) wrong.push(`it has ${values.length} fields ${quote(field)}`);
  }
  const elsewhere = requirementWithAddress(header);
  return { ...identity, ...(elsewhere !== undefined && { elsewhere }), wrong };
}

/** The first requirement with an address. */
export function requirementWithAddress(header: HeaderFields): string | undefined {
  return headerValues(header, 'requires-dist').find((requirement) =>
    WITH_ADDRESS.test(requirement),
  );
}
