/** What the clients beside those of npm are given: the attack sets of their formats, and one ordinary archive of each. */
import { gemAttacks, cleanGems } from '../../../support/attacks/gem.ts';
import { goAttacks, goCleanArchives } from '../../../support/attacks/go-zip.ts';
import { cleanSdists, sdistAttacks } from '../../../support/attacks/sdist.ts';
import { wheelAttacks, wheelOddities } from '../../../support/attacks/wheel.ts';
import { wheelTextAttacks } from '../../../support/attacks/wheel-texts.ts';
import type { ClientFormat } from './clients.ts';
import type { ClientSample } from './world.ts';

export interface ClientAttack extends ClientSample {
  /** What is odd, in words. */
  readonly title: string;
  readonly codes: readonly string[];
}

export interface SampleSet {
  readonly title: string;
  readonly attacks: readonly ClientAttack[];
  readonly clean: readonly ClientSample[];
}

/** A backend in the archive itself, which fails: what matters is unpacked by then. */
const files = {
  'pyproject.toml':
    '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  'backend.py': 'raise SystemExit(1)\n',
};

interface Named extends ClientSample {
  readonly title?: string;
  readonly codes: readonly string[];
}

function titled(list: readonly Named[]): ClientAttack[] {
  return list.map((one) => ({
    ...one,
    title: one.title ?? one.name.replace(/^wheel-/, '').replaceAll('-', ' '),
  }));
}

export const SAMPLES: Readonly<Record<ClientFormat, SampleSet>> = {
  wheel: {
    title: 'Wheels',
    attacks: titled([...wheelAttacks, ...wheelTextAttacks]),
    clean: wheelOddities,
  },
  sdist: {
    title: 'Source archives of Python',
    attacks: titled(sdistAttacks({ files })),
    clean: cleanSdists({ files }),
  },
  gem: { title: 'Gems', attacks: titled(gemAttacks), clean: cleanGems },
  gomod: { title: 'Modules of Go', attacks: titled(goAttacks), clean: goCleanArchives },
};

/** The ordinary archive of a format, in a container of the same kind. */
export function ordinary(format: ClientFormat, { fileName }: ClientSample): ClientSample {
  const { clean } = SAMPLES[format];
  const isZip = fileName.endsWith('.zip');
  const first = clean.find((one) => one.fileName.endsWith('.zip') === isZip) ?? clean[0];
  if (first === undefined) throw new RangeError(`no archive of ${format}`);
  return first;
}
