import type { Level, RuleId } from '@tarwarden/core';

/** The archives in which a rule about the words of the registry found something. */
export interface WordCount {
  readonly rule: RuleId;
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
  }: { readonly compared: number; readonly names: number; readonly counts: readonly WordCount[] },
): string {
  if (!MARK.test(page)) throw new Error('the page has no marks for the table of differences');
  const number = (value: number): string => value.toLocaleString('en-US');
  const table = [
    `${number(compared)} archives of ${number(names)} names were compared.`,
    '',
    '| rule | level | archives | of all | examples |',
    '| --- | --- | --- | --- | --- |',
    ...counts.map(
      ({ rule, level, archives, examples }) =>
        `| [${rule}](rules/${rule}.md) | ${level} | ${number(archives)} | ${((100 * archives) / compared).toFixed(2)} % | ${examples.join(', ')} |`,
    ),
  ].join('\n');
  return page.replace(MARK, (_all, mark: string) => `${mark}\n${table}\n\n`);
}
