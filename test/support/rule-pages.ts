/** The texts that `pnpm rules` writes: the union of rule ids, and the parts of docs/rules that repeat what a rule says. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rules, type Ecosystem, type Format, type Rule } from '@tarwarden/core';
import { knownAs } from '@tarwarden/core/report';
import { ruleFamilies } from '../../packages/core/src/catalogue/index.ts';

const folder = fileURLToPath(new URL('../../docs/rules', import.meta.url));

/** The text of packages/core/src/finding/rule-id.ts. */
export function ruleIdUnion(): string {
  const ids = Object.keys(rules).toSorted();
  return `// Written by \`pnpm rules\`, from the catalogue.\n\n/** Id of a rule. Ids are API: documented, never reused. */\nexport type RuleId =\n${ids.map((id) => `  | '${id}'`).join('\n')};\n`;
}

/** Each page below docs/rules by its name, and its text as it should be. */
export function generatedPages(): [path: string, text: string][] {
  const pages = Object.values(rules).map((rule): [string, string] => [
    `${rule.id}.md`,
    withAdvice(readPage(`${rule.id}.md`), rule),
  ]);
  return [['README.md', withTables(readPage('README.md'))], ...pages];
}

/** The text of a page; empty where there is no such page yet. */
export function readPage(name: string): string {
  const path = `${folder}/${name}`;
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The page with the head and the advice that the rule has. */
export function withAdvice(page: string, rule: Rule): string {
  let text = page.replace(/^# .*\n\n.*$/m, () => headOf(rule));
  for (const [title, advice] of adviceParagraphs(rule)) {
    const paragraph = new RegExp(`^\\*\\*${title}\\.\\*\\* .*$`, 'm');
    if (!paragraph.test(text))
      throw new Error(`docs/rules/${rule.id}.md: no paragraph "${title}."`);
    text = text.replace(paragraph, () => advice);
  }
  return text;
}

/**
 * The page with a new head, and with the paragraphs of advice that it lacks. Every other line stays, also a paragraph of advice
 * that differs from the rule.
 */
export function withHead(page: string, rule: Rule): string {
  const rest = page
    .replace(/^# .*\n+/, '')
    .replace(/^\*(?:Error|Warning|Note) by default\.\* .*(?:\n+|$)/, '');
  let text = `${headOf(rule)}\n\n${rest}`.trimEnd();
  for (const [title, advice] of adviceParagraphs(rule)) {
    if (text.includes(`\n**${title}.** `)) continue;
    const next = text.indexOf('\n**What passes.**');
    const at = next < 0 ? text.length + 1 : next + 1;
    text = next < 0 ? `${text}\n\n${advice}` : `${text.slice(0, at)}${advice}\n\n${text.slice(at)}`;
  }
  return `${text}\n`;
}

function headOf({ id, level, elsewhere = {}, summary }: Rule): string {
  const named = { error: 'Error', warning: 'Warning', note: 'Note' }[level];
  const others = Object.entries(elsewhere).map(
    ([ecosystem, other]) =>
      ` *For ${knownAs(ecosystem as Ecosystem | Format)}: ${other.level}.* ${other.why}`,
  );
  return `# ${id}\n\n*${named} by default.* ${summary}.${others.join('')}`;
}

/** Title and whole text of each paragraph of advice: for all ecosystems first, then for those with advice of their own. */
function adviceParagraphs({ advice }: Rule): [title: string, paragraph: string][] {
  const paragraph = (
    title: string,
    text: string,
    key: 'forUsers' | 'forPublishers',
  ): [string, string] => {
    const others = Object.entries(advice.elsewhere ?? {}).flatMap(([ecosystem, { [key]: other }]) =>
      other === undefined ? [] : [`*For ${knownAs(ecosystem as Ecosystem | Format)}:* ${other}`],
    );
    return [title, [`**${title}.** ${text}`, ...others].join(' ')];
  };
  const { forUsers, forPublishers } = advice;
  if (forPublishers === undefined) return [paragraph('What to do', forUsers, 'forUsers')];
  return [
    paragraph('If you install it', forUsers, 'forUsers'),
    paragraph('If you publish it', forPublishers, 'forPublishers'),
  ];
}

/** The index of the pages with the table of each family as the catalogue has it. Text around the tables stays. */
export function withTables(index: string): string {
  return ruleFamilies.reduce((text, [title, family]) => {
    const rows = family.map(
      ({ id, level, summary }) => `| [${id}](${id}.md) | ${level} | ${summary} |\n`,
    );
    const table = `| rule | level | what is wrong |\n|---|---|---|\n${rows.join('')}`;
    const heading = `\n## ${title}\n`;
    const start = text.indexOf(heading);
    if (start < 0) return `${text.trimEnd()}\n${heading}\n${table}`;
    const section = start + heading.length;
    return text.slice(0, section) + text.slice(section).replace(/^\|(?:.*\n\|)*.*\n/m, () => table);
  }, index);
}
