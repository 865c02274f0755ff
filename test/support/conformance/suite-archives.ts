/** Every archive of the conformance suite: the attack sets of all formats, and the near misses that must be accepted. */
import type { Format, Level } from '@tarwarden/core';
import { SAMPLES } from '../../e2e/views/clients/samples.ts';
import { CLIENT_FORMATS } from '../../e2e/views/clients/clients.ts';
import { attacks, cleanOddities, zipAttacks, type Attack } from '../attacks.ts';
import { GO_MODULE } from '../attacks/go-zip.ts';
import { yarnZip } from '../yarn-zip.ts';

export interface SuiteArchive {
  /** `format/name`. The name is the one of the attack tables, in lower case and without spaces. */
  readonly id: string;
  readonly format: Format;
  /** The name under which the archive is published. */
  readonly fileName: string;
  /** The package that the archive has to contain. */
  readonly package: string;
  /** What is odd, in words. */
  readonly title: string;
  /** The level of the finding that the archive is built for. Undefined for a near miss, for which nothing is reported. */
  readonly level: Level | undefined;
  /** Each of these is among the findings. The first one decides the class. */
  readonly rules: readonly string[];
  /** The name of the archive in the attack tables. */
  readonly name: string;
  readonly build: () => Buffer;
}

/** The package that the builders of all formats but Go's make by default. */
const FIXTURE_ID = 'fixture@1.0.0';

/** Archives of another package. */
const OTHER_PACKAGES: Readonly<Record<string, string>> = {
  'wheel-spelled-otherwise': 'fixture-name@1.0.0',
};

const TARBALL = 'fixture-1.0.0.tgz';
const YARN_ZIP = 'fixture-npm-1.0.0-0a1b2c3d4e-8.zip';

type Described = Pick<SuiteArchive, 'name' | 'fileName' | 'build'> &
  Partial<Pick<SuiteArchive, 'title' | 'level' | 'rules'>>;

function archiveOf(format: Format, described: Described): SuiteArchive {
  const { name, title = wordsOf(format, name), level, rules = [] } = described;
  return {
    ...described,
    id: `${format}/${slugOf(name)}`,
    format,
    package: format === 'gomod' ? GO_MODULE : (OTHER_PACKAGES[name] ?? FIXTURE_ID),
    title,
    level,
    rules,
  };
}

function wordsOf(format: Format, name: string): string {
  return name.replace(new RegExp(`^${format}-`), '').replaceAll('-', ' ');
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function attackArchive(format: Format, attack: Attack, fileName: string): SuiteArchive {
  const { id: name, title, codes: rules, level } = attack;
  return archiveOf(format, { name, title, rules, level, fileName, build: () => attack.build() });
}

const npmArchives = [
  ...attacks.map((attack) => attackArchive('npm', attack, TARBALL)),
  ...cleanOddities.map((clean) => {
    const { id: name, title } = clean;
    return archiveOf('npm', { name, title, fileName: TARBALL, build: () => clean.build() });
  }),
];

const yarnArchives = [
  ...zipAttacks.map((attack) => attackArchive('yarn-zip', attack, YARN_ZIP)),
  archiveOf('yarn-zip', { name: 'zip-plain', fileName: YARN_ZIP, build: () => yarnZip() }),
];

const clientArchives = CLIENT_FORMATS.flatMap((format) => [
  ...SAMPLES[format].attacks.map(({ name, title, codes: rules, fileName, bytes }) =>
    archiveOf(format, { name, title, rules, level: 'error', fileName, build: () => bytes }),
  ),
  ...SAMPLES[format].clean.map((sample) =>
    archiveOf(format, { ...sample, rules: [], build: () => sample.bytes }),
  ),
]);

/** All archives, also those that are not given away yet (`withheld.ts`). */
export const suiteArchives: readonly SuiteArchive[] = [
  ...npmArchives,
  ...yarnArchives,
  ...clientArchives,
];
