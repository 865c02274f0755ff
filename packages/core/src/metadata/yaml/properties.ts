import type { YamlNode } from './node.ts';
import { YamlProblem } from './problem.ts';
import { withoutTrailing } from '../../text/trailing.ts';

/** Tag, anchor and alias before a value. */
export interface Properties {
  readonly tag: string | undefined;
  readonly anchor: string | undefined;
  /** Name of an anchor, if the value repeats the value of that anchor. */
  readonly alias: string | undefined;
  /** The rest of the line, without spaces around it. */
  readonly rest: string;
}

const PROPERTY = /^([&!])([^ ]*)(?: +|$)/;
const ANCHOR = /^[A-Za-z0-9_-]+$/;
/** A tag of plain characters. `%` is missing, since it begins an escape. */
const TAG = /^(?:!?[A-Za-z0-9_:/.-]+)?$/;
const ALIAS = /^\*([A-Za-z0-9_-]+)$/;

export function propertiesOf(written: string): Properties {
  let rest = withoutTrailing(written, ' ');
  let tag: string | undefined;
  let anchor: string | undefined;
  for (;;) {
    const match = PROPERTY.exec(rest);
    if (match === null) break;
    const [whole, kind, name = ''] = match;
    if (kind === '&') {
      if (anchor !== undefined || !ANCHOR.test(name))
        throw new YamlProblem('an anchor is not plain');
      anchor = name;
    } else {
      if (tag !== undefined || !TAG.test(name)) throw new YamlProblem('a tag is not plain');
      tag = `!${name}`;
    }
    rest = rest.slice(whole.length);
  }
  const alias = ALIAS.exec(rest)?.[1];
  if (alias !== undefined && (tag !== undefined || anchor !== undefined))
    throw new YamlProblem('an alias has a tag or an anchor');
  return { tag, anchor, alias, rest };
}

/**
 * The values that have an anchor. An alias becomes the same object, so it needs no memory. But each user of the document walks the value
 * again, so the number of repeated values is bounded.
 */
export class Anchors {
  readonly #nodes = new Map<string, YamlNode | undefined>();
  readonly #sizes = new Map<YamlNode, number>();
  readonly #limit: number;
  #repeated = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Begins a value. An alias inside it cannot repeat it. */
  open(anchor: string | undefined): void {
    if (anchor === undefined) return;
    if (this.#nodes.has(anchor)) throw new YamlProblem('an anchor is there twice');
    this.#nodes.set(anchor, undefined);
  }

  close(anchor: string | undefined, node: YamlNode): void {
    if (anchor !== undefined) this.#nodes.set(anchor, node);
  }

  get(alias: string): YamlNode {
    const node = this.#nodes.get(alias);
    if (node === undefined) throw new YamlProblem('an alias is of no value before it');
    this.#repeated += this.#sizeOf(node);
    if (this.#repeated > this.#limit)
      throw new YamlProblem(`aliases repeat more than ${this.#limit} characters`);
    return node;
  }

  /** Characters of a value, plus one for each value in it. Repeated values were counted before. */
  #sizeOf(node: YamlNode): number {
    const known = this.#sizes.get(node);
    if (known !== undefined) return known;
    let size = 1;
    if (node.kind === 'scalar') size += node.text.length;
    else if (node.kind === 'list') for (const item of node.items) size += this.#sizeOf(item);
    else for (const [key, value] of node.entries) size += key.length + this.#sizeOf(value);
    this.#sizes.set(node, size);
    return size;
  }
}
