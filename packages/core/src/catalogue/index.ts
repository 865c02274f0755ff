import type { Finding } from '../finding/verdict.ts';
import type { Code, RuleId } from '../finding/rule-id.ts';
import { gzipRules } from '../rules/gzip/index.ts';
import { tarRules } from '../rules/tar/index.ts';
import { paxRules } from '../rules/pax/index.ts';
import { limitsRules } from '../rules/limits/index.ts';
import { typesRules } from '../rules/types/index.ts';
import { pathsRules } from '../rules/paths/index.ts';
import { namesRules } from '../rules/names/index.ts';
import { modesRules } from '../rules/modes/index.ts';
import { npmModesRules } from '../formats/npm-tarball/rules/modes/index.ts';
import { gitRules } from '../rules/git/index.ts';
import { linksRules } from '../rules/links/index.ts';
import { dependenciesRules } from '../rules/dependencies/index.ts';
import { duplicatesRules } from '../rules/duplicates/index.ts';
import { layoutRules } from '../rules/layout/index.ts';
import { npmPackageRules } from '../formats/npm-tarball/rules/package/index.ts';
import { registryRules } from '../rules/registry/index.ts';
import { indexWordRules } from '../rules/index-word/index.ts';
import { zipRules } from '../rules/zip/index.ts';
import { yarnZipLayoutRules } from '../formats/yarn-zip/rules/layout/index.ts';
import { wheelRules } from '../formats/wheel/rules/wheel/index.ts';
import { sdistContainerRules } from '../formats/sdist/rules/container/index.ts';
import { sdistPackageRules } from '../formats/sdist/rules/package/index.ts';
import { gemArchiveRules } from '../formats/gem/rules/gem/index.ts';
import { gemspecRules } from '../formats/gem/rules/gemspec/index.ts';
import { goModuleRules } from '../formats/go-zip/rules/module/index.ts';
import { codeOf } from '../rules/table-rows.ts';
import type { Rule } from '../rules/rule.ts';

export type { Code, RuleId };

/** Every family of rules, in the order of the catalogue, with its title in docs/rules/README.md. */
export const ruleFamilies: readonly (readonly [title: string, rules: readonly Rule[]])[] = [
  ['The file and its compression', gzipRules],
  ['Headers of the tar', tarRules],
  ['Extended headers', paxRules],
  ['Limits', limitsRules],
  ['Types of entries', typesRules],
  ['Paths', pathsRules],
  ['Names in paths', namesRules],
  ['Modes', modesRules],
  ['Modes of files that npm, pnpm and Yarn run', npmModesRules],
  ['What git believes', gitRules],
  ['Links', linksRules],
  ["Entries in each other's way", duplicatesRules],
  ['The first folder', layoutRules],
  ['Packages for npm, pnpm and Yarn', npmPackageRules],
  ['The words of the registry and the lockfile', registryRules],
  ['Zips', zipRules],
  ["Archives of Yarn's cache", yarnZipLayoutRules],
  ['Wheels of Python', wheelRules],
  ['The file of a Python sdist', sdistContainerRules],
  ['Python sdists', sdistPackageRules],
  ['Gems: the archive', gemArchiveRules],
  ['Gems: the gemspec', gemspecRules],
  ['Module zips of Go', goModuleRules],
  ['Dependencies', dependenciesRules],
  ['What an index of Python packages or gems says', indexWordRules],
];

/** A rule with all its problems. */
export interface CataloguedRule extends Pick<
  Rule,
  'id' | 'level' | 'elsewhere' | 'summary' | 'advice' | 'needsClaim'
> {
  /** A row for each problem. A rule that is about one problem alone has one row. */
  readonly problems: readonly Rule[];
}

const rows = ruleFamilies.flatMap(([, family]) => family);

/** The row of every problem, by its code. */
export const problems: Readonly<Record<Code, Rule>> = Object.fromEntries(
  rows.map((row) => [codeOf(row), row]),
) as Record<Code, Rule>;

/** The catalogue: every rule of every format, by its id. */
export const rules: Readonly<Record<RuleId, CataloguedRule>> = Object.fromEntries(
  rows.map((row) => {
    const { id, level, elsewhere, summary, advice } = row.shared ?? row;
    return [
      id,
      {
        id,
        level,
        ...(elsewhere && { elsewhere }),
        summary,
        advice,
        ...(row.needsClaim && { needsClaim: row.needsClaim }),
        problems: rows.filter((other) => other.id === id),
      },
    ];
  }),
) as unknown as Record<RuleId, CataloguedRule>;

/** The row of a finding. Undefined if this version has no such rule, or no such problem of the rule. */
export function problemOfFinding({ rule, code }: Pick<Finding, 'rule' | 'code'>): Rule | undefined {
  const key = code ?? rule;
  const problem = Object.hasOwn(problems, key) ? problems[key as Code] : undefined;
  return problem?.id === rule ? problem : undefined;
}

/** Whether the archive was not read to its end because of a finding. An unknown problem counts as one that stops the reading. */
export function stopsReading(finding: Pick<Finding, 'rule' | 'code'>): boolean {
  const problem = problemOfFinding(finding);
  return problem === undefined || problem.stopsReading === true;
}
