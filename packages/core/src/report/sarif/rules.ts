import { rules, type CataloguedRule } from '../../catalogue/index.ts';
import type { Ecosystem, Format } from '../../finding/format.ts';
import type { Level } from '../../finding/verdict.ts';
import { adviceText } from '../advice.ts';
import { knownAs } from '../known-as.ts';
import { ruleReference } from '../finding.ts';
import type { SarifRule } from './input.ts';

/** CVSS values: high for errors, which stop an install, medium and low for the levels that are only reported. */
const SEVERITY: Readonly<Record<Level, number>> = { error: 8, warning: 5, note: 2 };

/** The rules of archives, as code scanning describes them. */
export function archiveRules(): SarifRule[] {
  return Object.values(rules).map(archiveRule);
}

function archiveRule(rule: CataloguedRule): SarifRule {
  const { id, level, summary, advice } = rule;
  const elsewhere = Object.entries(advice.elsewhere ?? {}) as [Ecosystem | Format, typeof advice][];
  const others = elsewhere.map(([group, texts]) => [knownAs(group), adviceText(texts)] as const);
  const more = ruleReference(id);
  return {
    id,
    ...sarifRuleName(id),
    shortDescription: `${summary}.`,
    fullDescription: `${summary}. ${advice.forUsers}`,
    help: {
      text: [
        adviceText(advice),
        ...others.map(([name, text]) => `For ${name}: ${text}`),
        `More: ${more}`,
      ].join('\n\n'),
      markdown: [
        adviceText(advice),
        ...others.map(([name, text]) => `*For ${name}:* ${text}`),
        `More: \`${more}\``,
      ].join('\n\n'),
    },
    level,
    tags: ['security', 'supply-chain'],
    securitySeverity: SEVERITY[level],
    precision: 'very-high',
  };
}

/** `path-traversal` is PathTraversal. A single word gets no name, since the name must differ from the id. */
function sarifRuleName(id: string): { name?: string } {
  if (!id.includes('-')) return {};
  return { name: id.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()) };
}
