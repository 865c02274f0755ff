import type { Code, Level, RuleId } from '@tarwarden/core';

/** The archives in which a rule about the words of the registry found something. */
export interface WordCount {
  readonly rule: RuleId;
  readonly code: Code;
  readonly level: Level;
  readonly archives: number;
  readonly examples: readonly string[];
}

const MARK = /(<!-- words -->\n)[^]*?(?=<!-- end of the words -->)/;

/** The page with the table of differences between its marks. */
export function fillWordPage(
  page: string,
  {
    compared,
    names,
    counts,
    kinds,
    lockfiles,
    repositories,
  }: {
    readonly compared: number;
    readonly names: number;
    readonly counts: readonly WordCount[];
    /** For how many archives something shows each kind. */
    readonly kinds: ReadonlyMap<string, number>;
    /** The number of lockfiles of the list. */
    readonly lockfiles: number;
    readonly repositories: number;
  },
): string {
  if (!MARK.test(page)) throw new Error('the page has no marks for the table of differences');
  const number = (value: number): string => value.toLocaleString('en-US');
  const table = [
    `${number(compared)} archives of ${number(names)} names were compared with ${number(lockfiles)} lockfiles of ${number(repositories)} repositories. For so many of the archives, the words show each kind: ${[...kinds].map(([kind, shown]) => `${kind} ${number(shown)}`).join(', ')}.`,
    '',
    '| rule | level | archives | of all | examples |',
    '| --- | --- | --- | --- | --- |',
    ...counts.map(
      ({ rule, code, level, archives, examples }) =>
        `| [${code}](rules/${rule}.md${code === rule ? '' : `#${code}`}) | ${level} | ${number(archives)} | ${((100 * archives) / compared).toFixed(2)} % | ${examples.join(', ')} |`,
    ),
  ].join('\n');
  return page.replace(MARK, (_all, mark: string) => `${mark}\n${table}\n\n`);
}
