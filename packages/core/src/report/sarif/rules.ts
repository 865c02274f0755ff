import { rules } from '../../catalogue/index.ts';
import type { Ecosystem } from '../../finding/ecosystem.ts';
import type { Format } from '../../finding/format.ts';
import type { Level } from '../../finding/verdict.ts';
import type { Rule } from '../../rules/rule.ts';
import { adviceText } from '../advice.ts';
import { ruleReference } from '../finding.ts';
import type { SarifRule } from './input.ts';

/** As CVSS counts: high for what lets nothing be installed, medium and low for what is only reported. */
const SEVERITY: Readonly<Record<Level, number>> = { error: 8, warning: 5, note: 2 };

/** As people know them, where that is not the id. */
const NAMES: Readonly<Partial<Record<Ecosystem | Format, string>>> = {
  pypi: 'PyPI',
  rubygems: 'RubyGems',
  go: 'Go',
  sdist: 'sdists',
  wheel: 'wheels',
  gem: 'gems',
  gomod: 'module zips of Go',
  'yarn-zip': "archives of Yarn's cache",
};

/** The rules of archives, as code scanning describes them. */
export function archiveRules(): SarifRule[] {
  return Object.values(rules).map(archiveRule);
}

function archiveRule(rule: Rule): SarifRule {
  const { id, level, summary, advice } = rule;
  const elsewhere = Object.entries(advice.elsewhere ?? {}) as [Ecosystem | Format, typeof advice][];
  const others = elsewhere.map(([of, texts]) => [NAMES[of] ?? of, adviceText(texts)] as const);
  const more = ruleReference(id);
  return {
    id,
    ...nameOf(id),
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

/** `path-traversal` is PathTraversal. A single word would be the id again, which a name must not be. */
function nameOf(id: string): { name?: string } {
  if (!id.includes('-')) return {};
  return { name: id.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()) };
}
