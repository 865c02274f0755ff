/** What sdists that are hostile or odd are made with. */
import type { RuleId } from '@tarwarden/core';
import { inWords, type Codes } from './attack.ts';
import { rulesWith } from './codes.ts';
import { gzip } from '../gzip.ts';
import { pkgInfo, sdistTar, type SdistOptions } from '../sdist.ts';
import { entry, type Bytes, type Part } from '../tar.ts';
import { zip } from '../zip.ts';

export interface SdistTarget {
  name?: string;
  version?: string;
  /** Where links and escaping paths lead, relative to the first folder, or absolute. */
  target?: string;
  /** Files of every archive, by path below the first folder. */
  files?: Readonly<Record<string, Bytes>>;
  /** Files of the zip that pip unpacks instead. */
  hidden?: Readonly<Record<string, Bytes>>;
}

export interface ArchiveCase {
  /** Unique, kebab-case. */
  readonly name: string;
  readonly title: string;
  readonly fileName: string;
  readonly bytes: Buffer;
  /** Each of these is among the findings; none where it has to pass. */
  readonly codes: readonly string[];
  readonly rules: readonly RuleId[];
}

export type Add = (words: string, codes: Codes, bytes: Buffer, fileName?: string) => void;

/** What is added to the archives, for one project. */
export class Maker {
  readonly name: string;
  readonly version: string;
  readonly top: string;
  readonly target: string;
  readonly files: Readonly<Record<string, Bytes>>;
  readonly hidden: Readonly<Record<string, Bytes>>;

  constructor({
    name = 'fixture',
    version = '1.0.0',
    target = '../../sentinel',
    files = {},
    hidden = { 'PKG-INFO': pkgInfo(name, version), 'setup.py': 'raise SystemExit("hidden")\n' },
  }: SdistTarget) {
    this.name = name;
    this.version = version;
    this.top = `${name}-${version}`;
    this.target = target;
    this.files = files;
    this.hidden = hidden;
  }

  tar(odd: SdistOptions = {}): Buffer {
    const { name, version } = this;
    return sdistTar({ name, version, ...odd, files: { ...this.files, ...odd.files } });
  }

  tgz(odd: SdistOptions = {}): Buffer {
    return gzip(this.tar(odd));
  }

  with(...entries: Part[]): Buffer {
    return this.tgz({ entries });
  }

  /** A zip of another package, as whoever hides one would. */
  zip(options?: Parameters<typeof zip>[1]): Buffer {
    return zip(
      Object.entries(this.hidden).map(([path, body]) => ({ name: `${this.top}/${path}`, body })),
      options,
    );
  }

  link(path: string, linkname: string): Buffer {
    return entry({ name: `${this.top}/${path}`, typeflag: '2', linkname, mode: 0o777 });
  }

  hardlink(path: string, linkname: string, mode = 0o644): Buffer {
    return entry({ name: `${this.top}/${path}`, typeflag: '1', linkname, mode });
  }

  file(path: string, body: Bytes = 'x\n'): Buffer {
    return entry({ name: `${this.top}/${path}`, body });
  }
}

export function gathered(to: SdistTarget, fill: (make: Maker, add: Add) => void): ArchiveCase[] {
  const make = new Maker(to);
  const cases: ArchiveCase[] = [];
  fill(make, (words, codes, bytes, fileName = `${make.top}.tar.gz`) => {
    const { id: name, title } = inWords(words);
    cases.push({
      name,
      title,
      fileName,
      bytes,
      codes: [codes].flat(),
      rules: rulesWith(codes),
    });
  });
  return cases;
}
