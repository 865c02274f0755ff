import type { YamlNode } from './node.ts';
import { YamlProblem } from './problem.ts';
import { withoutTrailing } from '../../text/trailing.ts';

/** What may stand before a value. */
export interface Properties {
  readonly tag: string | undefined;
  readonly anchor: string | undefined;
  /** Set where the value is the one of that anchor. */
  readonly alias: string | undefined;
  /** What follows, without spaces around it. */
  readonly rest: string;
}

const PROPERTY = /^([&!])([^ ]*)(?: +|$)/;
const ANCHOR = /^[A-Za-z0-9_-]+$/;
/** Letters that no reader decodes: `%` begins an escape. */
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

/** The values that others repeat. An alias is the value itself, so that nothing grows by it. */
export class Anchors {
  readonly #nodes = new Map<string, YamlNode | undefined>();

  /** A value begins, which its own content cannot repeat. */
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
    return node;
  }
}
