/* Documents about packages, as a registry has them: whole ones, and abbreviated ones for installs. Most of each is made up, in the usual proportions. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** The name of a package with a long document. */
export const LARGE_DOCUMENT = 'large-document';
const LARGE_VERSIONS = 1_500;
/** Versions of any other package that nobody downloads. */
const OLDER_VERSIONS = 20;

export type Dist = Readonly<Record<string, unknown>>;

/** A document as it is sent. */
export interface Sent {
  readonly plain: Buffer;
  readonly gzipped: Buffer;
  readonly etag: string;
}

export interface Document {
  readonly whole: Sent;
  readonly abbreviated: Sent;
}

/** @param versions Those whose tarballs the registry has. `tarball`: the address of a version's tarball. */
export function documentOf(
  name: string,
  versions: ReadonlyMap<string, Dist>,
  tarball: (version: string) => string,
): Document {
  const count = name === LARGE_DOCUMENT ? LARGE_VERSIONS : OLDER_VERSIONS;
  const older = Array.from({ length: count }, (_, at): [string, Dist] => {
    const version = `0.0.${at}-bench`;
    const integrity = `sha512-${createHash('sha512').update(`${name}@${version}`).digest('base64')}`;
    return [version, { integrity }];
  });
  const all = [...older, ...versions].map(
    ([version, dist]) => [version, { ...dist, tarball: tarball(version) }] as const,
  );
  const latest = all.at(-1)![0];
  const common = { name, 'dist-tags': { latest } };
  const modified = '2026-01-02T03:04:05.678Z';
  const abbreviated = Object.fromEntries(
    all.map(([version, dist]) => [version, shortEntry({ name, version, dist })]),
  );
  const whole = Object.fromEntries(
    all.map(([version, dist]) => [version, longEntry({ name, version, dist })]),
  );
  return {
    abbreviated: sentOf({ ...common, modified, versions: abbreviated }),
    whole: sentOf({
      _id: name,
      ...common,
      versions: whole,
      time: Object.fromEntries([
        ['modified', modified],
        ['created', modified],
        ...all.map(([version]) => [version, modified]),
      ]),
      readme: 'This package is part of a benchmark. '.repeat(100),
      license: 'MIT',
    }),
  };
}

interface Version {
  readonly name: string;
  readonly version: string;
  readonly dist: Dist;
}

const dependencies = (prefix: string, count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}-${at}`, `^${at}.1.0`]));

function shortEntry({ name, version, dist }: Version): object {
  const files = {
    fileCount: 12,
    unpackedSize: 34_567,
    shasum: createHash('sha1').update(version).digest('hex'),
  };
  return {
    name,
    version,
    dependencies: dependencies('dependency', 6),
    devDependencies: dependencies('development', 10),
    engines: { node: '>=18' },
    dist: { ...files, ...dist },
  };
}

function longEntry(version: Version): object {
  return {
    ...shortEntry(version),
    description: 'A package of the benchmark, with the fields that most packages have',
    keywords: ['bench', 'gateway', 'registry', 'package'],
    license: 'MIT',
    author: { name: 'An author', email: 'author@example.com' },
    maintainers: Array.from({ length: 3 }, (_, at) => ({
      name: `maintainer-${at}`,
      email: `m${at}@example.com`,
    })),
    repository: { type: 'git', url: `git+https://git.example.com/${version.name}.git` },
    bugs: { url: `https://git.example.com/${version.name}/issues` },
    homepage: `https://git.example.com/${version.name}#readme`,
    scripts: { test: 'node --test', build: 'tsc -b', lint: 'oxlint' },
    gitHead: '0123456789abcdef0123456789abcdef01234567',
    _id: `${version.name}@${version.version}`,
    _nodeVersion: '20.20.2',
    _npmVersion: '11.19.1',
    _npmUser: { name: 'publisher', email: 'publisher@example.com' },
  };
}

function sentOf(document: object): Sent {
  const plain = Buffer.from(JSON.stringify(document));
  return {
    plain,
    gzipped: gzipSync(plain),
    etag: `"${createHash('sha256').update(plain).digest('hex').slice(0, 32)}"`,
  };
}
