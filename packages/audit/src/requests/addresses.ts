/* The addresses that a project itself asks for, and the archives that hosts of git repositories make for them. */

export class Addresses {
  readonly #urls = new Set<string>();
  readonly #repositories = new Set<string>();

  add(spec: string): void {
    if (spec.length > SPEC_CHARS_MAX) return;
    if (/^https?:/i.test(spec)) this.#urls.add(withoutFragment(spec));
    const repository = repositoryOf(spec);
    if (repository !== undefined) this.#repositories.add(repository);
  }

  has(url: string): boolean {
    if (this.#urls.has(withoutFragment(url))) return true;
    const repository = repositoryOfArchive(url);
    return repository !== undefined && this.#repositories.has(repository);
  }
}

const SPEC_CHARS_MAX = 4096;

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}

const HOST = String.raw`(github|gitlab|bitbucket)`;
const REPOSITORY = String.raw`([\w.-]+)/([\w.-]+?)(?:\.git)?/?(?:#.*)?$`;

/** The forms of a repository in a package.json: `github:owner/name`, `owner/name`, or its address. */
const SPECS: readonly RegExp[] = [
  new RegExp(`^(?:${HOST}:)?${REPOSITORY}`, 'is'),
  new RegExp(
    `^(?:git\\+)?(?:git|ssh|https?)://(?:[^@/]*@)?${HOST}\\.(?:com|org)[/:]${REPOSITORY}`,
    'is',
  ),
  new RegExp(`^git@${HOST}\\.(?:com|org):${REPOSITORY}`, 'is'),
];

function repositoryOf(spec: string): string | undefined {
  for (const pattern of SPECS) {
    const [, host = 'github', owner, name] = pattern.exec(spec) ?? [];
    if (owner !== undefined && name !== undefined) return repositoryKey(host, owner, name);
  }
  return undefined;
}

/** The addresses from which package managers download a repository, instead of running git. */
const ARCHIVES: readonly (readonly [string, RegExp])[] = [
  ['github', /^https:\/\/codeload\.github\.com\/([\w.-]+)\/([\w.-]+)\/(?:legacy\.)?tar\.gz\//],
  [
    'gitlab',
    /^https:\/\/gitlab\.com\/api\/v4\/projects\/([\w.-]+)%2F([\w.-]+)\/repository\/archive/i,
  ],
  ['gitlab', /^https:\/\/gitlab\.com\/([\w.-]+)\/([\w.-]+)\/(?:-\/|repository\/)archive/],
  ['bitbucket', /^https:\/\/bitbucket\.org\/([\w.-]+)\/([\w.-]+)\/get\//],
];

function repositoryOfArchive(url: string): string | undefined {
  for (const [host, pattern] of ARCHIVES) {
    const [, owner, name] = pattern.exec(url) ?? [];
    if (owner !== undefined && name !== undefined) return repositoryKey(host, owner, name);
  }
  return undefined;
}

function repositoryKey(host: string, owner: string, name: string): string {
  return `${host}:${owner}/${name}`.toLowerCase();
}
