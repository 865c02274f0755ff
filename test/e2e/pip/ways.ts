/** Every way by which an archive comes into pip. Each sets up what it needs, and says what is typed. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { IndexOptions, SimpleIndex } from '../../support/pip/index.ts';
import { sdistOf, wheelOf, type Dist } from '../../support/pip/packages.ts';
import { since, type Pip } from '../../support/pip/pips.ts';
import { INTO, type PipWorld } from '../../support/pip/world.ts';

export interface Scene {
  readonly world: PipWorld;
  readonly pip: Pip;
  /** What is looked for. */
  readonly dist: Dist;
  readonly index: (options?: Partial<IndexOptions>) => Promise<SimpleIndex>;
}

export interface Way {
  readonly name: string;
  /** Only one kind of archive comes this way. */
  readonly only?: 'wheel' | 'sdist';
  /** The first pip that has it. */
  readonly since?: readonly [number, number];
  /** Nothing is installed by it. */
  readonly installsNothing?: true;
  /** Command and arguments. */
  readonly typed: (scene: Scene) => Promise<readonly [string, ...string[]]>;
}

const sha256 = ({ bytes }: Dist): string => createHash('sha256').update(bytes).digest('hex');

/** `pip install` of the project, from an index. */
const fromIndex =
  (options: Partial<IndexOptions> = {}, ...more: string[]): Way['typed'] =>
  async ({ dist, index }) => {
    const { url } = await index(options);
    return ['pip', 'install', ...INTO, '--index-url', url, ...more, dist.project];
  };

/** `pip install -r` of lines. */
const fromLines =
  (
    lines: (scene: Scene, index: SimpleIndex) => readonly string[],
    ...more: string[]
  ): Way['typed'] =>
  async (scene) => {
    const index = await scene.index();
    scene.world.sandbox.write({
      'requirements.txt': `${lines(scene, index).join('\n')}\n`,
    });
    return ['pip', 'install', ...INTO, ...more, '-r', 'requirements.txt'];
  };

export const ways: readonly Way[] = [
  { name: 'an index in HTML', typed: fromIndex({ only: 'html' }) },
  { name: 'an index in JSON', since: [22, 2], typed: fromIndex({ only: 'json' }) },
  { name: 'relative links', typed: fromIndex({ links: 'relative', only: 'html' }) },
  { name: 'a redirect', typed: fromIndex({ links: 'redirected' }) },
  { name: 'links without hashes', typed: fromIndex({ links: 'unhashed' }) },
  {
    name: 'metadata by itself (PEP 658)',
    only: 'wheel',
    since: [23, 0],
    typed: fromIndex({ metadata: true }),
  },
  {
    name: 'metadata by itself, of a link with a query',
    only: 'wheel',
    since: [23, 0],
    typed: fromIndex({ metadata: true, links: 'signed' }),
  },
  { name: 'parts of a wheel', only: 'wheel', typed: fromIndex({}, '--use-feature=fast-deps') },
  { name: '--isolated', typed: fromIndex({}, '--isolated') },
  { name: '--dry-run', since: [22, 2], installsNothing: true, typed: fromIndex({}, '--dry-run') },
  { name: '--no-cache-dir', typed: fromIndex({}, '--no-cache-dir') },
  {
    name: 'an index with user and password',
    typed: fromIndex({ auth: { user: 'jo', password: 'hush' } }),
  },
  {
    name: 'what another package requires',
    async typed({ dist, index }) {
      const outer = wheelOf({ name: 'outer', requires: [dist.project] });
      const { url } = await index({ dists: [dist, outer] });
      return ['pip', 'install', ...INTO, '--index-url', url, 'outer'];
    },
  },
  {
    name: 'what a build requires',
    installsNothing: true,
    async typed({ dist, index }) {
      const outer = sdistOf({ name: 'outer', buildRequires: [dist.project] });
      const { url } = await index({ dists: [dist, outer] });
      return ['pip', 'install', ...INTO, '--index-url', url, 'outer'];
    },
  },
  {
    name: 'PIP_INDEX_URL',
    async typed({ dist, index, world }) {
      world.env['PIP_INDEX_URL'] = (await index()).url;
      return ['pip', 'install', ...INTO, dist.project];
    },
  },
  {
    name: 'pip.conf',
    async typed({ dist, index, world }) {
      const { url } = await index();
      world.sandbox.write({ 'pip.conf': `[global]\nindex-url = ${url}\n` });
      world.env['PIP_CONFIG_FILE'] = join(world.sandbox.project, 'pip.conf');
      return ['pip', 'install', ...INTO, dist.project];
    },
  },
  {
    name: '--extra-index-url',
    async typed({ dist, index }) {
      const [empty, full] = [await index({ dists: [] }), await index()];
      const urls = ['--index-url', empty.url, '--extra-index-url', full.url];
      return ['pip', 'install', ...INTO, ...urls, dist.project];
    },
  },
  {
    name: 'an index that a requirements file names',
    typed: fromLines(({ dist }, { url }) => [`--index-url ${url}`, dist.project]),
  },
  {
    name: 'a URL in a requirements file',
    typed: fromLines(({ dist }, index) => [`${dist.project} @ ${index.file(dist)}`], '--no-index'),
  },
  {
    name: 'hashes',
    typed: fromLines(({ dist }, { url }) => [
      `--index-url ${url}`,
      `${dist.project}==1.0 --hash=sha256:${sha256(dist)}`,
    ]),
  },
  {
    name: 'a constraint with a URL',
    async typed({ dist, index, world }) {
      const { url, file } = await index();
      world.sandbox.write({ 'constraints.txt': `${dist.project} @ ${file(dist)}\n` });
      const more = ['--index-url', url, '-c', 'constraints.txt'];
      return ['pip', 'install', ...INTO, ...more, dist.project];
    },
  },
  {
    name: 'a URL',
    typed: async ({ dist, index }) => ['pip', 'install', ...INTO, (await index()).file(dist)],
  },
  {
    name: '--find-links with a URL',
    async typed({ dist, index }) {
      const { url } = await index({ only: 'html' });
      const more = ['--no-index', '--find-links', `${url}${dist.project}/`];
      return ['pip', 'install', ...INTO, ...more, '--trusted-host', '127.0.0.1', dist.project];
    },
  },
  {
    name: '--find-links with a folder',
    async typed({ dist, world }) {
      world.put(dist, 'archives');
      return ['pip', 'install', ...INTO, '--no-index', '--find-links', 'archives', dist.project];
    },
  },
  {
    name: 'a file',
    typed: async ({ dist, world }) => ['pip', 'install', ...INTO, `./${world.put(dist)}`],
  },
  {
    name: 'a file, by the pip of "python3 -m"',
    async typed({ dist, world }) {
      return ['python3', '-m', 'pip', 'install', ...INTO, `./${world.put(dist)}`];
    },
  },
  {
    name: 'a file, by the pip of another Python',
    since: [22, 3],
    async typed({ dist, world, pip }) {
      const file = `./${world.put(dist)}`;
      return ['pip', '--python', pip.python, 'install', ...INTO, file];
    },
  },
  {
    name: 'pip download',
    installsNothing: true,
    async typed({ dist, index }) {
      return ['pip', 'download', '-d', 'got', '--index-url', (await index()).url, dist.project];
    },
  },
  {
    name: 'pip wheel',
    installsNothing: true,
    async typed({ dist, index }) {
      return ['pip', 'wheel', '-w', 'got', '--index-url', (await index()).url, dist.project];
    },
  },
  {
    name: 'pip lock',
    since: [25, 1],
    installsNothing: true,
    async typed({ dist, index }) {
      return ['pip', 'lock', '--index-url', (await index()).url, dist.project];
    },
  },
];

export function waysOf(pip: Pip, kind: 'wheel' | 'sdist'): readonly Way[] {
  return ways.filter(
    (way) => (way.only ?? kind) === kind && (way.since === undefined || since(pip, way.since)),
  );
}
