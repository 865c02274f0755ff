/** A git dependency that cannot be inspected is accepted for exactly one package, repository, commit and folder. */
import { gitDependencyHash, mergeGitDependencies } from '@tarwarden/core/policy';
import { readLockfile } from '@tarwarden/clients/lockfiles';
import { describe, expect, it } from 'vitest';
import { gitCommit } from '../../../packages/audit/src/audit.ts';

const COMMIT = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const TODAY = '2026-11-29';
const accepted = {
  package: 'left',
  resolved: `git+ssh://git@h.test/left.git#${COMMIT}`,
  reason: 'ours',
  expires: '2026-12-31',
};

/** The first package of a lockfile, under a policy of the user. */
function under(file: string, text: string, dependency: object = accepted) {
  const [locked] = readLockfile(file, text).packages;
  const user = [{ gitDependencies: [{ ...accepted, ...dependency }] }];
  const held = mergeGitDependencies(
    { machine: [], user, repository: [], approved: undefined },
    TODAY,
  );
  return gitCommit(locked!, held);
}

const npm = (resolved: string, name = 'left'): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: { [`node_modules/${name}`]: { version: '1.0.0', resolved } },
  });
const pnpm = (more = ''): string =>
  `lockfileVersion: '9.0'\npackages:\n  left@git+https://h.test/left.git#${COMMIT}:\n    resolution: {type: git, repo: https://h.test/left.git, commit: ${COMMIT}${more}}\n`;

describe('the policy accepts', () => {
  it('the package, repository and commit that it names', () => {
    const found = under('package-lock.json', npm(accepted.resolved));
    expect(found).toMatchObject({ resolved: accepted.resolved, accepted: { approvedBy: 'user' } });
  });

  it.each([
    ['another commit', npm(accepted.resolved.replace(COMMIT, OTHER))],
    ['another repository', npm(accepted.resolved.replace('left.git', 'right.git'))],
    ['another host', npm(accepted.resolved.replace('h.test', 'i.test'))],
    ['another name', npm(accepted.resolved, 'right')],
    ['another spelling of the name', npm(accepted.resolved, 'Left')],
    ['a folder besides', npm(`${accepted.resolved}&path:/sub`)],
    ['a part of the commit', npm(accepted.resolved.slice(0, -1))],
    ['a branch', npm(`git+ssh://git@h.test/left.git#main`)],
    ['two commits', npm(`${accepted.resolved}&commit=${OTHER}`)],
  ])('not %s', (_, text) => {
    expect(under('package-lock.json', text)?.accepted).toBeUndefined();
  });

  it('not what has expired', () => {
    const found = under('package-lock.json', npm(accepted.resolved), { expires: '2026-11-28' });
    expect(found).toEqual({ package: 'left', resolved: accepted.resolved });
  });

  it.each([
    ['pnpm-lock.yaml', pnpm(), `https://h.test/left.git#${COMMIT}`],
    ['pnpm-lock.yaml', pnpm(', path: /sub'), `https://h.test/left.git#${COMMIT}&path:/sub`],
    [
      'yarn.lock',
      `__metadata:\n  version: 8\n"left@x":\n  version: 1.0.0\n  resolution: "left@https://h.test/left.git#commit=${COMMIT}&workspace=left"\n`,
      `https://h.test/left.git#commit=${COMMIT}&workspace=left`,
    ],
  ])('an entry of %s with its folder: %#', (file, text, resolved) => {
    expect(under(file, text, { resolved })).toMatchObject({ resolved, accepted: { resolved } });
    const root = `https://h.test/left.git#${COMMIT}`;
    if (resolved !== root) expect(under(file, text, { resolved: root })?.accepted).toBeUndefined();
  });

  it.each([
    [
      'Gemfile.lock',
      `GIT\n  remote: https://h.test/left.git\n  revision: ${COMMIT}\n  specs:\n    left (1.0)\n`,
      'gem:left',
    ],
    [
      'pylock.toml',
      `lock-version = "1.0"\n[[packages]]\nname = "left"\nvcs = { type = "git", url = "https://h.test/left.git", commit-id = "${COMMIT}" }\n`,
      'pypi:left',
    ],
  ])('a package of another ecosystem by its own name: %s', (file, text, name) => {
    const resolved = `https://h.test/left.git#${COMMIT}`;
    expect(under(file, text, { package: name, resolved })?.accepted).toBeDefined();
    expect(under(file, text, { package: 'left', resolved })?.accepted).toBeUndefined();
  });
});

describe('a proposal of the repository', () => {
  const files = { machine: [], user: [], repository: [{ gitDependencies: [accepted] }] };
  const of = (approved: readonly string[]) => {
    const [locked] = readLockfile('package-lock.json', npm(accepted.resolved)).packages;
    return gitCommit(
      locked!,
      mergeGitDependencies({ ...files, approved: new Set(approved) }, TODAY),
    );
  };

  it('counts only once exactly it was approved', () => {
    const hash = gitDependencyHash(accepted);
    expect(of([])).toMatchObject({ proposed: hash });
    expect(of([])?.accepted).toBeUndefined();
    for (const changed of [
      { reason: 'other' },
      { expires: '2027-01-01' },
      { package: 'right' },
      { resolved: accepted.resolved.replace(COMMIT, OTHER) },
    ])
      expect(of([gitDependencyHash({ ...accepted, ...changed })])?.accepted).toBeUndefined();
    expect(of([hash])).toMatchObject({ accepted: { approvedBy: 'repository+user' } });
  });
});
