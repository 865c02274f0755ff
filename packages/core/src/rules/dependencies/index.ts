import type { Entry } from '../../containers/entry.ts';
import type { MetadataRule } from '../rule.ts';
import { advice } from '../table-rows.ts';

/** The dependencies of a package that a client does not take from a registry, in words. Metadata of npm and Python has them. */
interface OutsideDependencies {
  readonly outsideDependencies: readonly { readonly detail: string; readonly entry?: Entry }[];
}

export const dependenciesRules: readonly MetadataRule<OutsideDependencies>[] = [
  {
    kind: 'metadata',
    id: 'dependency-outside-registry',
    level: 'note',
    summary: 'A dependency of the package comes from git, from an address or from a folder',
    advice: advice(
      'Find out who can change the code there. Nobody can replace a version in a registry, but a branch or a file on a server can change.',
      'Publish the dependency in a registry, and name a version of it.',
    ),
    check: ({ outsideDependencies }, report) => {
      for (const { detail, entry } of outsideDependencies) report(detail, entry);
    },
  },
];
