/**
 * The archives that the suite leaves out, because a current release of a client writes outside of its folder, or changes files of
 * other packages, when it installs or removes them. They come into the suite when the client is fixed. The attack tables have their
 * results, and the guard refuses all of them.
 */
export interface Withheld {
  /** The id of the archive in the suite. */
  readonly id: string;
  readonly client: string;
  /** The newest version that was measured. */
  readonly version: string;
  readonly reason: string;
  /** What brings the archive into the suite. */
  readonly until: string;
}

const PIP = { client: 'pip', version: '25.1.1' } as const;
const GEM = { client: 'gem', version: '3.6.7' } as const;

const deletes = (name: string): Withheld => ({
  ...PIP,
  id: `wheel/${name}`,
  reason: 'uninstalling or upgrading the package deletes files of other packages',
  until: 'a release of pip deletes only files that belong to the package',
});

const plants = (name: string): Withheld => ({
  ...PIP,
  id: `wheel/${name}`,
  reason: 'the files replace the metadata of another package, which pip believes later',
  until: 'a release of pip refuses metadata of other packages',
});

const commands = (name: string): Withheld => ({
  ...PIP,
  id: `wheel/${name}`,
  reason: 'a command is written outside of the folder for commands',
  until:
    'pip 26.1.2 or newer, which fixes CVE-2026-8643, is measured and refuses this spelling as well',
});

const otherGem = (name: string): Withheld => ({
  ...GEM,
  id: `gem/${name}`,
  reason: 'gem install FILE writes into the folder of another gem than the file name says',
  until: 'a release of RubyGems compares both names, or its maintainers say that it need not',
});

export const withheld: readonly Withheld[] = [
  deletes('wheel-record-elsewhere'),
  deletes('wheel-record-foreign'),
  deletes('wheel-record-quoted-lines'),
  {
    ...deletes('wheel-record-line-separator'),
    reason:
      'pip reads a path outside of the package as a file to delete (not seen: no such file exists)',
  },
  plants('wheel-planted-egg-info'),
  plants('wheel-planted-purelib'),
  plants('wheel-planted-data'),
  plants('wheel-planted-dot'),
  commands('wheel-script-group'),
  commands('wheel-script-line-separator'),
  commands('wheel-script-form-feed'),
  {
    ...GEM,
    id: 'gem/gemspec-full-name',
    reason: 'gem install writes outside of the folder for gems',
    until: 'a release of RubyGems ignores this field of a gemspec',
  },
  otherGem('gem-plain-metadata'),
  otherGem('gemspec-merge'),
  otherGem('gemspec-other-name'),
];

const withheldIds: ReadonlySet<string> = new Set(withheld.map(({ id }) => id));

export function isWithheld({ id }: { readonly id: string }): boolean {
  return withheldIds.has(id);
}
