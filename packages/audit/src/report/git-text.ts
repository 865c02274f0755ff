/* The parts of the text report about git dependencies that the policy accepts, or could accept. */
import { escapedJson, printable, redactUrl } from '@tarwarden/core/text';
import type { GitCommit } from '../result.ts';

/** Characters of a reason that are shown. */
const REASON_CHARS = 4096;

/** One line for each git dependency that is accepted without an inspection. It is printed in every audit. */
export function acceptedLine({ package: name, resolved, accepted }: GitCommit): string {
  if (accepted === undefined) return '';
  const { expires, approvedBy, reason } = accepted;
  const by = {
    machine: 'the policy of this machine',
    user: 'your own policy',
    'repository+user': 'the repository, approved by you',
  }[approvedBy];
  const address = redactUrl(printable(resolved, 2048));
  return `not inspected, and accepted by ${by}, until ${expires}: ${printable(name)} ${address}; reason: ${printable(reason, REASON_CHARS)}`;
}

/** Says how to accept the git dependencies that are not accepted. Empty if there are none. */
export function acceptanceLines(commits: readonly GitCommit[]): string[] {
  const proposed = commits.filter((commit) => commit.proposed !== undefined);
  const open = commits.filter((commit) => commit.proposed === undefined);
  const writable = open.filter(({ resolved }) => !hasCredential(resolved));
  const hidden = open.length - writable.length;
  return [
    ...(proposed.length === 0
      ? []
      : [
          `The repository proposes to accept ${counted(proposed.length)} without an inspection: ${proposed.map((commit) => printable(commit.package)).join(', ')}.`,
          'The proposal does not count, because you have not approved it. If you have looked at each commit and agree:',
          `  tarwarden allow --approve ${[...new Set(proposed.map((commit) => commit.proposed))].join(' ')}`,
        ]),
    ...(writable.length === 0
      ? []
      : [
          'To accept a git dependency without an inspection, look at its commit. Then add these lines, with a reason and a last day,',
          'to your own policy file, or to tarwarden.json of the project, where each user has to approve them:',
          '  "gitDependencies": [',
          ...writable.map(
            ({ package: name, resolved }, index) =>
              `    ${escapedJson({ package: name, resolved, reason: '', expires: 'YYYY-MM-DD' })}${index < writable.length - 1 ? ',' : ''}`,
          ),
          '  ]',
        ]),
    ...(hidden === 0
      ? []
      : [
          `${counted(hidden)} cannot be accepted, because the address in the lockfile has a credential or control characters.`,
        ]),
  ];
}

function counted(count: number): string {
  return `${count} git ${count === 1 ? 'dependency' : 'dependencies'}`;
}

/** The user `git` of an ssh address is no credential. */
function hasCredential(resolved: string): boolean {
  const plain = resolved.replace('//git@', '//');
  return redactUrl(plain) !== plain;
}
