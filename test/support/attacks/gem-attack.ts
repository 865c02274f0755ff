/** What an attack on gems is. */
import type { Level } from '@tarwarden/core';
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
  readonly rules: readonly string[];
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

export function attack(
  name: string,
  title: string,
  rules: string | string[],
  odd: GemOptions,
): GemAttack {
  return raw(name, title, rules, gemOf(odd));
}

export function raw(
  name: string,
  title: string,
  rules: string | string[],
  bytes: Buffer,
): GemAttack {
  return { name, title, fileName: FILE, bytes, rules: [rules].flat(), level: 'error' };
}

/** One more entry in the content. */
export const inside = (name: string, title: string, rules: string | string[], ...entries: Part[]) =>
  attack(name, title, rules, { entries });

/** A field of the gemspec. */
export const field = (
  name: string,
  title: string,
  rules: string,
  gemspec: Record<string, string>,
) => attack(name, title, rules, { gemspec, files: { 'bin/run': '#!/usr/bin/env ruby\n' } });

export const symlink = (name: string, linkname: string): Buffer =>
  entry({ name, typeflag: '2', linkname, mode: 0o120777 });
