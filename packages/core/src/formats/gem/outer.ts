import type { Entry } from '../../containers/entry.ts';
import { Typeflag } from '../../containers/entry.ts';
import { TarReader } from '../../containers/tar/reader.ts';
import type { ReportAnomaly } from '../../finding/anomaly.ts';
import { MAX_GEM_MEMBERS, type Limits } from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import { headerCheck } from './header-check.ts';

/** Files that are in the outer archive of every gem. */
const REQUIRED = ['metadata.gz', 'data.tar.gz'] as const;
const CHECKSUMS = 'checksums.yaml.gz';
const KNOWN: ReadonlySet<string> = new Set(
  [...REQUIRED, CHECKSUMS].flatMap((name) => [name, `${name}.sig`]),
);

/** A file of the outer archive: a view of the gem's bytes, nothing is copied. */
export interface Member {
  readonly bytes: Buffer;
  /** Offset of its content in the gem. */
  readonly offset: number;
  readonly entry: Entry;
}

export interface Outer {
  readonly metadata: Member | undefined;
  readonly data: Member | undefined;
  readonly checksums: Member | undefined;
}

/** Reads the outer tar of a gem, and checks that it has the files of a gem, each once. */
export function readOuter(gem: Buffer, limits: Limits, report: ReportAnomaly): Outer {
  const members = new Map<string, Member>();
  const seen = new Set<string>();
  const odd = (offset: number, detail: string, entry?: Entry): void =>
    report({
      layer: 'gem',
      code: 'gem-member',
      offset,
      detail,
      ...(entry && { entry: entry.path }),
    });
  const reader: TarReader = new TarReader(
    {
      entry(entry) {
        const { path, offset, size } = entry;
        if (!KNOWN.has(path)) odd(offset, `${quote(path)} is not a file of a gem`, entry);
        else if (entry.typeflag !== Typeflag.File)
          odd(offset, `${quote(path)} is not a plain file`, entry);
        else if (seen.has(path)) odd(offset, `${quote(path)} is there twice`, entry);
        else {
          const start = reader.position;
          members.set(path, {
            bytes: gem.subarray(start, start + size),
            offset: start,
            entry,
          });
        }
        seen.add(path);
        return false;
      },
      body: () => undefined,
      anomaly: (anomaly) => report({ ...anomaly, layer: 'gem' }),
      header: headerCheck('gem', report),
    },
    { ...limits, entries: MAX_GEM_MEMBERS },
  );
  reader.push(gem);
  reader.end();
  const whole = (name: string): Member | undefined => {
    const member = members.get(name);
    return member?.bytes.length === member?.entry.size ? member : undefined;
  };
  for (const name of REQUIRED)
    if (!seen.has(name)) odd(reader.position, `${quote(name)} is not there`);
  return {
    metadata: whole('metadata.gz'),
    data: whole('data.tar.gz'),
    checksums: whole(CHECKSUMS),
  };
}
