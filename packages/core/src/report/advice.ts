import { problemOfFinding } from '../catalogue/index.ts';
import { ecosystemOf, type Ecosystem, type Format } from '../finding/format.ts';
import type { Finding } from '../finding/verdict.ts';
import type { Advice, AdviceTexts } from '../rules/rule.ts';

/** Advice in one line: for users, then for publishers. */
export function adviceText({ forUsers, forPublishers }: AdviceTexts): string {
  if (forPublishers === undefined) return forUsers;
  const publisherText = forPublishers.charAt(0).toLowerCase() + forPublishers.slice(1);
  return `${forUsers} If you maintain this package: ${publisherText}`;
}

/** The advice for packages of a format. */
export function adviceIn(format: Format, advice: Advice): AdviceTexts {
  return advice.elsewhere?.[format] ?? advice.elsewhere?.[ecosystemOf[format]] ?? advice;
}

/** The advice about a finding in an archive of a format. Empty for a finding of another version that this version does not know. */
export function remedyFor(finding: Pick<Finding, 'rule' | 'code'>, format: Format): string {
  const problem = problemOfFinding(finding);
  return problem === undefined ? '' : adviceText(adviceIn(format, problem.advice));
}

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

/** The usual name of an ecosystem, or of the archives of a format. */
export function knownAs(group: Ecosystem | Format): string {
  return NAMES[group] ?? group;
}
