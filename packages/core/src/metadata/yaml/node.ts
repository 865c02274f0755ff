/** What a document of YAML holds. Tags are kept as they are written, and nothing is made of them. */
export type YamlNode = YamlScalar | YamlMap | YamlList;

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly tag: string | undefined;
  readonly text: string;
  /** Psych makes of it what it looks like: a number, a date, nothing. What is in quotes or a block is text. */
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

/** A document, or the first thing in it that is outside of the grammar. */
export type YamlDocument =
  | {
      readonly ok: true;
      readonly root: YamlNode;
      /** Tags of the document, and before what they stand. */
      readonly tags: ReadonlyMap<string, ReadonlySet<YamlNode['kind']>>;
      /** Symbols (`:name`) of the document, each once. */
      readonly symbols: ReadonlySet<string>;
      /** Keys that a map has twice. */
      readonly repeated: readonly string[];
    }
  | {
      readonly ok: false;
      /** In words; hostile text in it is already quoted. */
      readonly problem: string;
      /** From 1. */
      readonly line: number;
    };
