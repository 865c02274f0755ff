import { quote } from '../../text/printable.ts';
import { readHeaderFields, valuesOf } from './header-fields.ts';

/** What METADATA or PKG-INFO says a distribution is (core metadata, PEP 566 and later). */
export interface CoreMetadata {
  readonly name?: string;
  readonly version?: string;
  /** What is wrong with the file, in words: two readers may find different values in it. */
  readonly wrong: readonly string[];
}

const IDENTITY = ['name', 'version'] as const;

export function readCoreMetadata(bytes: Buffer): CoreMetadata {
  const read = readHeaderFields(bytes);
  const wrong: string[] = read.wrong === undefined ? [] : [read.wrong];
  const found: { name?: string; version?: string } = {};
  for (const field of IDENTITY) {
    const values = valuesOf(read, field);
    if (values.length === 0 || values[0] === '') wrong.push(`it has no field ${quote(field)}`);
    else found[field] = values[0]!;
    if (values.length > 1) wrong.push(`it has ${values.length} fields ${quote(field)}`);
  }
  return { ...found, wrong };
}
