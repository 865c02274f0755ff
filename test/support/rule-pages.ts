/** What the pages of rules say that follows from the rules: the head and the advice of each, and the tables of the index. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rules, type Ecosystem, type Format, type Rule, type RuleId } from '@tarwarden/core';
import { knownAs } from '@tarwarden/core/report';
import { rulesIn, TITLES, ruleFolders } from './rule-lists.ts';

const folder = fileURLToPath(new URL('../../docs/rules', import.meta.url));

/** Path below docs/rules and text of each page as it should be. */
export function generatedPages(): [path: string, text: string][] {
  const pages = Object.values(rules).map((rule): [string, string] => [
    `${rule.id}.md`,
    withAdvice(read(`${rule.id}.md`), rule),
  ]);
  return [['README.md', withTables(read('README.md'))], ...pages];
}

function read(name: string): string {
  return readFileSync(`${folder}/${name}`, 'utf8');
}

/** The page, or the beginning of one, with head and advice as the rule has them. */
export function withAdvice(
  page: string,
  { id, level, elsewhere = {}, summary, advice }: Rule,
): string {
  const named = { error: 'Error', warning: 'Warning', note: 'Note' }[level];
  const others = Object.entries(elsewhere).map(
    ([ecosystem, other]) =>
      ` *For ${knownAs(ecosystem as Ecosystem | Format)}: ${other.level}.* ${other.why}`,
  );
  const head = `# ${id}\n\n*${named} by default.* ${summary}.${others.join('')}`;
  const { forUsers, forPublishers } = advice;
  /** The text of all ecosystems, then those of some. */
  const all = (text: string, key: 'forUsers' | 'forPublishers'): string =>
    [
      text,
      ...Object.entries(advice.elsewhere ?? {}).flatMap(([ecosystem, { [key]: other }]) =>
        other === undefined ? [] : [`*For ${knownAs(ecosystem as Ecosystem | Format)}:* ${other}`],
      ),
    ].join(' ');
  const user = forPublishers === undefined ? 'What to do' : 'If you install it';
  const texts = [
    [user, all(forUsers, 'forUsers')],
    ...(forPublishers === undefined
      ? []
      : [['If you publish it', all(forPublishers, 'forPublishers')] as const]),
  ] as const;
  let text = page.replace(/^# .*\n\n.*$/m, () => head);
  for (const [title, prose] of texts) {
    const paragraph = new RegExp(`^\\*\\*${title}\\.\\*\\* .*$`, 'm');
    if (!paragraph.test(text)) throw new Error(`docs/rules/${id}.md: no paragraph "${title}."`);
    text = text.replace(paragraph, () => `**${title}.** ${prose}`);
  }
  return text;
}

function withTables(index: string): string {
  const tables = ruleFolders().map((one) =>
    [
      `## ${TITLES[one] ?? one}\n`,
      '| rule | level | what is wrong |',
      '|---|---|---|',
      ...rulesIn(one).map(({ id }) => {
        const { level, summary } = rules[id as RuleId];
        return `| [${id}](${id}.md) | ${level} | ${summary} |`;
      }),
    ].join('\n'),
  );
  const intro = index.slice(0, index.indexOf('## '));
  return `${intro}${tables.join('\n\n')}\n`;
}
