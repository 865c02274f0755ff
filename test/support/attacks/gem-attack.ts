/** What an attack on gems is. */
import type { Level, RuleId } from '@tarwarden/core';
import { inWords, type Codes } from './attack.ts';
import { rulesWith } from './codes.ts';
import { gemOf, type GemOptions } from '../gem.ts';
import { entry, type Part } from '../tar.ts';

export interface GemAttack {
  /** Unique, kebab-case. */
  readonly name: string;
  /** What the gem does, in words. */
  readonly title: string;
  readonly fileName: string;
  readonly bytes: Buffer;
  /** Each is among the findings, at `level`. */
  readonly codes: readonly string[];
  /** The rules of these codes. */
  readonly rules: readonly RuleId[];
  readonly level: Level;
}

export interface CleanGem {
  readonly name: string;
  readonly title: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

export const FILE = 'fixture-1.0.0.gem';
export const planted = 'File.write("planted", "x")\n';

export function attack(words: string, codes: Codes, odd: GemOptions): GemAttack {
  return raw(words, codes, gemOf(odd));
}

export function raw(words: string, codes: Codes, bytes: Buffer): GemAttack {
  const { id: name, title } = inWords(words);
  return {
    name,
    title,
    fileName: FILE,
    bytes,
    codes: [codes].flat(),
    rules: rulesWith(codes),
    level: 'error',
  };
}

/** One more entry in the content. */
export const inside = (words: string, codes: Codes, ...entries: Part[]) =>
  attack(words, codes, { entries });

/** A field of the gemspec. */
export const field = (words: string, codes: string, gemspec: Record<string, string>) =>
  attack(words, codes, { gemspec, files: { 'bin/run': '#!/usr/bin/env ruby\n' } });

export const symlink = (name: string, linkname: string): Buffer =>
  entry({ name, typeflag: '2', linkname, mode: 0o120777 });
