/* YAML of lockfiles: plain scalars only, and nothing that expands. */
import { FAILSAFE_SCHEMA, loadAll, YAMLException } from 'js-yaml';
import { printable } from '@tarwarden/core/text';
import type { Collector } from './collector.ts';

/** A mapping, whose values are texts, mappings and lists. */
export type Mapping = Readonly<Record<string, unknown>>;

/** What js-yaml keeps while it reads: of this, the anchors of the document, and what it has just read. */
interface ReaderState {
  readonly anchorMap?: Readonly<Record<string, unknown>>;
  readonly kind?: string | null;
  readonly result?: unknown;
}

/** Something that makes a file mean what nobody sees in it. */
class HiddenError extends Error {}

/**
 * The documents of a YAML file. Empty, with a problem, where it is not valid, has a key twice, or has anchors or
 * merge keys: no manager writes those, and they make a file mean what nobody sees in it.
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

/** The field of a mapping, if it is a mapping. */
export function mappingField(mapping: Mapping, key: string): Mapping {
  const value = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  return isMapping(value) ? value : {};
}

/** The field of a mapping, if it is a text. */
export function textField(mapping: Mapping, key: string): string | undefined {
  const value = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
