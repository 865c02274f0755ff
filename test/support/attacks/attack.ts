/**
 * What an attack is. Each is built from code, for a package of any name, so that it can be published on a loopback
 * registry as well as given to the inspector. Links point at `target`, a folder of the test's own.
 */
import type { Level, RuleId } from '@tarwarden/core';
import { tgz, type PkgOptions } from '../pkg.ts';
import { rulesWith } from './codes.ts';
import type { GzipOptions } from '../gzip.ts';
import type { Part } from '../tar.ts';

export interface BuildOptions {
  name?: string;
  version?: string;
  /** Where links and escaping paths lead, relative to a folder of the package, or absolute. */
  target?: string;
  /** More of package.json, such as `bin` and `scripts`. Attacks on package.json itself have their own. */
  manifest?: Readonly<Record<string, unknown>>;
}

export interface Target {
  name: string;
  version: string;
  target: string;
  manifest: Readonly<Record<string, unknown>>;
}

export interface Attack {
  /** Unique, kebab-case. */
  id: string;
  /** What the archive does, in words. */
  title: string;
  /** Each of these is among the findings of the verdict, at level error unless `level` says otherwise. */
  codes: readonly string[];
  /** The rules of these codes. */
  rule: readonly RuleId[];
  /** `warning` where real (if old) packages do it, so that it is reported and not stopped; `note` where ordinary ones do. */
  level: Level;
  build(options?: BuildOptions): Buffer;
}

/** The relative place of the sentinel, seen from a package in `<project>/node_modules/<name>`. */
export const SENTINEL = '../../../sentinel';

function withDefaults(options: BuildOptions): Target {
  return {
    name: options.name ?? 'fixture',
    version: options.version ?? '1.0.0',
    target: options.target ?? SENTINEL,
    manifest: options.manifest ?? {},
  };
}

function identity({ name, version, manifest }: Target): PkgOptions {
  return { name, version, manifest };
}

export type Codes = string | readonly string[];

/** The two parts of `id: what the archive does`. */
export function inWords(words: string): { id: string; title: string } {
  const [id = '', title = ''] = words.split(/: (.*)/);
  return { id, title };
}

/** An attack inside the tar: the package and what is odd in it. */
export function inTar(words: string, codes: Codes, make: (target: Target) => PkgOptions): Attack {
  return raw(words, codes, (to) => tgz({ ...identity(to), ...make(to) }));
}

/** An attack by entries behind those of the package. */
export function added(words: string, codes: Codes, ...entries: Part[]): Attack {
  return inTar(words, codes, () => ({ entries }));
}

/** The same, where the entries lead to the target. */
export function addedFor(words: string, codes: Codes, make: (target: string) => Part[]): Attack {
  return inTar(words, codes, ({ target }) => ({ entries: make(target) }));
}

/** An attack in the compression: an ordinary package, oddly gzipped. */
export function inGzip(words: string, codes: Codes, make: (target: Target) => GzipOptions): Attack {
  return raw(words, codes, (to) => tgz(identity(to), make(to)));
}

/** An attack on whole bytes. */
export function raw(words: string, codes: Codes, make: (target: Target) => Buffer): Attack {
  return {
    ...inWords(words),
    codes: [codes].flat(),
    rule: rulesWith(codes),
    level: 'error',
    build: (options = {}) => make(withDefaults(options)),
  };
}

/** The same, where the finding is a warning by default. */
export function warned(attack: Attack): Attack {
  return { ...attack, level: 'warning' };
}

/** The same, where it is no more than a note. */
export function noted(attack: Attack): Attack {
  return { ...attack, level: 'note' };
}
