/* Reads the YAML of lockfiles, with plain scalars and without aliases. */
import { FAILSAFE_SCHEMA, loadAll, YAMLException } from 'js-yaml';
import { printable } from '@tarwarden/core/text';
import type { Collector } from './collector.ts';

/** A mapping. Its values are texts, mappings and lists. */
export type Mapping = Readonly<Record<string, unknown>>;

/** The part of js-yaml's state that is used: the anchors of the document, and the last value. */
interface ReaderState {
  readonly anchorMap?: Readonly<Record<string, unknown>>;
  readonly kind?: string | null;
  readonly result?: unknown;
}

/** The document has an anchor or a merge key. */
class HiddenError extends Error {}

/**
 * The documents of a YAML file. If it is not valid, or has a repeated key, an anchor or a merge key, the result is empty, with a problem.
 * No manager writes anchors or merge keys, and they hide the meaning of a file from its reader.
 */
export function yamlDocuments(text: string, to: Collector): Mapping[] {
  try {
    const documents: unknown[] = [];
    loadAll(text, (document) => void documents.push(document), {
      schema: FAILSAFE_SCHEMA,
      listener(_event, state) {
        const { anchorMap = {}, kind, result } = state as ReaderState;
        if (Object.keys(anchorMap).length > 0) throw new HiddenError('anchors');
        if (kind === 'scalar' && result === '<<') throw new HiddenError('merge keys');
      },
    });
    const mappings = documents.filter(isMapping);
    if (mappings.length < documents.length) to.problem(1, 'it holds something besides mappings');
    return mappings;
  } catch (error) {
    if (error instanceof HiddenError) {
      to.problem(1, `it has YAML ${error.message}, which no package manager writes`);
    } else if (error instanceof YAMLException) {
      const { line } = error.mark ?? { line: 0 };
      to.problem(line + 1, `it is not valid YAML (${printable(error.reason)})`);
    } else if (error instanceof RangeError) {
      to.problem(1, 'it is nested too deep');
    } else {
      throw error;
    }
    return [];
  }
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of a mapping, if it is a mapping. */
export function mappingField(mapping: Mapping, key: string): Mapping {
  const value = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  return isMapping(value) ? value : {};
}

/** A field of a mapping, if it is a text. */
export function textField(mapping: Mapping, key: string): string | undefined {
  const value = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
