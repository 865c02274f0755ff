/** A value of a YAML document. Tags are kept as they are written, and not interpreted. */
export type YamlNode = YamlScalar | YamlMap | YamlList;

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly tag: string | undefined;
  readonly text: string;
  /** Written without quotes: then Psych may read a number, a date or null. A scalar in quotes or a block is always text. */
  readonly plain: boolean;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly tag: string | undefined;
  readonly entries: ReadonlyMap<string, YamlNode>;
}

export interface YamlList {
  readonly kind: 'list';
  readonly tag: string | undefined;
  readonly items: readonly YamlNode[];
}

/** A document, or the first problem in it. */
export type YamlDocument =
  | {
      readonly ok: true;
      readonly root: YamlNode;
      /** Tags of the document, with the kinds of values that they precede. */
      readonly tags: ReadonlyMap<string, ReadonlySet<YamlNode['kind']>>;
      /** Symbols (`:name`) of the document, each once. */
      readonly symbols: ReadonlySet<string>;
      /** Keys that appear twice in one map. */
      readonly repeated: readonly string[];
    }
  | {
      readonly ok: false;
      /** The problem in words. Hostile text in it is already quoted. */
      readonly problem: string;
      /** Number of the line, from 1. */
      readonly line: number;
    };
