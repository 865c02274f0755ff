/* The differences between two kinds of statements in canonical form, and their words. */
import { quote } from '../text/printable.ts';
import { isSameValue } from './npm-declared.ts';

/** A digest stands for a long map: it is one entry that equals only itself. */
export function mapOf(
  value: Readonly<Record<string, string>> | string | undefined,
): ReadonlyMap<string, string> {
  if (value === undefined) return NONE;
  return typeof value === 'string' ? new Map([[LONG_LIST, value]]) : new Map(Object.entries(value));
}

/** No list has this name: names of dependencies are trimmed, and names of commands have no slash. */
export const LONG_LIST = ' (a long list)/';
export const NONE: ReadonlyMap<string, string> = new Map();

type Difference = readonly [name: string, own: string | undefined, shown: string | undefined];

type Texts = Readonly<Record<string, string>> | string | undefined;

export function valueDifferences(archive: Texts, said: Texts): readonly Difference[] {
  if (isSameValue(archive, said)) return [];
  const [own, shown] = [mapOf(archive), mapOf(said)];
  return [...new Set([...own.keys(), ...shown.keys()])].flatMap((name) =>
    own.get(name) === shown.get(name) ? [] : [[name, own.get(name), shown.get(name)] as const],
  );
}

/** The first difference in words, and the number of the others. */
export function listed([first, ...others]: readonly Difference[], who: string): string {
  const [name, own, shown] = first!;
  const more = others.length === 0 ? '' : `; ${others.length} more`;
  const text = (value: string | undefined): string =>
    value === undefined ? 'absent' : quote(value);
  return `${quote(name)} is ${text(shown)} in ${who}, and ${text(own)} in the archive${more}`;
}

export function namesDiffer(
  own: readonly string[] | string = [],
  shown: readonly string[] | string = [],
): string | undefined {
  if (isSameValue(own, shown)) return undefined;
  const [a, b] = [new Set([own].flat()), new Set([shown].flat())];
  return [...a].find((name) => !b.has(name)) ?? [...b].find((name) => !a.has(name));
}

export function listText(value: readonly string[] | string | undefined): string {
  return value === undefined ? 'absent' : quote(String(value));
}
