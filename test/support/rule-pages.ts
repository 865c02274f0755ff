/** The texts that `pnpm rules` writes: the union of rule ids, and the parts of docs/rules that repeat what a rule says. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { problems, rules, type CataloguedRule, type Ecosystem, type Format } from '@tarwarden/core';
import { knownAs } from '@tarwarden/core/report';
import { ruleFamilies } from '../../packages/core/src/catalogue/index.ts';

const folder = fileURLToPath(new URL('../../docs/rules', import.meta.url));

/** The text of packages/core/src/finding/rule-id.ts. */
export function ruleIdUnion(): string {
  const union = (names: readonly string[]): string =>
    names
      .toSorted()
      .map((name) => `\n  | '${name}'`)
      .join('');
  const ids = Object.keys(rules);
  const codes = Object.keys(problems);
  const alone = new Set(codes.filter((code) => ids.includes(code)));
  return [
    '// Written by `pnpm rules`, from the catalogue.',
    `/** The ids of rules that are about one problem alone, which is also the code of that problem. */\ntype Alone =${union([...alone])};`,
    `/** Id of a rule. Ids are API: documented, never reused. */\nexport type RuleId =\n  | Alone${union(ids.filter((id) => !alone.has(id)))};`,
    `/** Code of a problem. Codes are API like ids. */\nexport type Code =\n  | Alone${union(codes.filter((code) => !alone.has(code)))};\n`,
  ].join('\n\n');
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

/** The page with the head and the advice that the rule has. A problem with advice of its own has it in its section. */
export function withAdvice(page: string, rule: CataloguedRule): string {
  const [first = '', ...sections] = page.split(/^(?=## )/m);
  const text = adviceReplaced(
    first.replace(HEAD, () => headOf(rule)),
    rule,
    rule.id,
  );
  const others = sections.map((section) => {
    const own = rule.problems.find(({ code }) => section.startsWith(`## ${code}\n`));
    return own === undefined || own.advice === rule.advice
      ? section
      : adviceReplaced(section, own, `${rule.id}, ${own.code}`);
  });
  return [text, ...others].join('');
}

function adviceReplaced(text: string, advised: Advised, name: string): string {
  return adviceParagraphs(advised).reduce((changed, [title, advice]) => {
    const paragraph = new RegExp(`^\\*\\*${title}\\.\\*\\* .*$`, 'm');
    if (!paragraph.test(changed)) throw new Error(`docs/rules/${name}: no paragraph "${title}."`);
    return changed.replace(paragraph, () => advice);
  }, text);
}

/** The title, the level, and the table of the problems, if the rule is about several. */
const HEAD = /^# .*\n\n.*(?:\n\n\| code \|(?:.*\n\|)*.*)?/;

/**
 * The page with a new head, and with the paragraphs of advice that it lacks. Every other line stays, also a paragraph of advice
 * that differs from the rule.
 */
export function withHead(page: string, rule: CataloguedRule): string {
  const rest = page
    .replace(/^# .*\n+/, '')
    .replace(/^\*(?:Error|Warning|Note) by default\.\* .*(?:\n+|$)/, '')
    .replace(/^\| code \|(?:.*\n\|)*.*\n+/, '');
  const [first = '', ...sections] = `\n${rest}`.split(/^(?=## )/m);
  let text = `${headOf(rule)}\n\n${first.trimStart()}`.trimEnd();
  for (const [title, advice] of adviceParagraphs(rule)) {
    if (text.includes(`\n**${title}.** `)) continue;
    const next = text.indexOf('\n**What passes.**');
    const at = next < 0 ? text.length + 1 : next + 1;
    text = next < 0 ? `${text}\n\n${advice}` : `${text.slice(0, at)}${advice}\n\n${text.slice(at)}`;
  }
  return [`${text}\n`, ...sections]
    .join(sections.length === 0 ? '' : '\n')
    .replaceAll(/\n{3,}/g, '\n\n');
}

function headOf({ id, level, elsewhere = {}, summary, problems: own }: CataloguedRule): string {
  const named = { error: 'Error', warning: 'Warning', note: 'Note' }[level];
  const others = Object.entries(elsewhere).map(
    ([ecosystem, other]) =>
      ` *For ${knownAs(ecosystem as Ecosystem | Format)}: ${other.level}.* ${other.reason}`,
  );
  const rows = own.map((row) => `\n| [${row.code}](#${row.code}) | ${row.summary} |`);
  const table = `\n\n| code | what is wrong |\n|---|---|${rows.join('')}`;
  return `# ${id}\n\n*${named} by default.* ${summary}.${others.join('')}${own.length > 1 ? table : ''}`;
}

type Advised = Pick<CataloguedRule, 'advice'>;

/** Title and whole text of each paragraph of advice: for all ecosystems first, then for those with advice of their own. */
function adviceParagraphs({ advice }: Advised): [title: string, paragraph: string][] {
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
