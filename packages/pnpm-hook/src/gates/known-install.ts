/*
 * Recognises an install that this machine has checked before: the same lockfile under the same circumstances, with a store whose index
 * and files are the same. One note replaces a look at each package. The verdict store keeps it (install-notes.ts), and forgets it with
 * another rule set, policy or signer, and after a rejection.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { familySync } from 'detect-libc';
import { collisionFree } from '@tarwarden/host';
import type { CheckedStore } from '@tarwarden/host/pnpm-store';
import type { PnpmLockfile } from '../pnpm-shapes.ts';
import type { StoreContents } from '../project/store.ts';
import type { Session } from '../session.ts';
import { inspectionKey, isPublished, type PnpmSource } from '../source.ts';
import type { KnownStore, StoreCheck } from '../store/store-check.ts';

/** Everything on which the answer for an install depends, beside the policy and the store. */
export interface InstallCircumstances {
  readonly lockfile: PnpmLockfile;
  readonly lockfileDir: string;
  readonly storeDir: string;
  readonly session: Session;
  /** Whether the store holds no package, so that pnpm downloads them all. */
  readonly cold: boolean;
}

/** Notes about whole installs, from earlier runs. */
export interface Notes {
  get(circumstances: string): Buffer | undefined;
  put(circumstances: string, text: Buffer): void;
  /** Whether a remembered verdict accepts a source, and no exception is used for it. */
  isPlain(source: PnpmSource): boolean;
}

export interface InstallTools {
  readonly notes: Notes;
  readonly contents: StoreContents;
  readonly storeCheck: StoreCheck;
}

/** The packages of a lockfile, after the hook has done its part. */
export interface CheckedInstall {
  readonly inspected: readonly PnpmSource[];
  /** The packages that fetchers inspect. */
  readonly byFetchers: readonly PnpmSource[];
  readonly leftOut: readonly PnpmSource[];
  /** The files of the store that were checked, unless it is empty. */
  readonly files: CheckedStore | undefined;
}

type LeftOut = readonly [name: string, version: string, integrity: string];

interface Note {
  /** Packages for other platforms, which the store must not have. */
  readonly leftOut: readonly LeftOut[];
  /** All other packages. The last item says whether a registry confirms the identity. */
  readonly packages: readonly (readonly [id: string, integrity: string, isPublished: boolean])[];
  /** Absent for an empty store. */
  readonly store?: Pick<KnownStore, 'rows' | 'files'>;
}

/** The packages of a registry that were accepted, as pnpm names them when it asks who fetches them. */
export class KnownPackages {
  readonly #keys: ReadonlySet<string>;

  constructor(packages: Note['packages']) {
    const published = packages.filter(([, , isOfRegistry]) => isOfRegistry);
    this.#keys = new Set(published.map(([id, integrity]) => `${integrity} ${id}`));
  }

  has(id: string, integrity: string | undefined): boolean {
    return this.#keys.has(`${integrity} ${id}`);
  }
}

export class KnownInstall {
  readonly #tools: InstallTools;
  readonly #cold: boolean;
  readonly #circumstances: string;
  #checked: CheckedInstall | undefined;
  /** The sources that fetchers still have to inspect. */
  #unfetched = new Set<string>();

  /** @param libc The family of the C library, as pnpm 10 and 11 find it out; null if it is unknown. */
  constructor(
    circumstances: InstallCircumstances,
    tools: InstallTools,
    libc: () => string | null = familySync,
  ) {
    this.#tools = tools;
    this.#cold = circumstances.cold;
    const text = JSON.stringify({ ...circumstances, code: codeDigest() });
    const family = text.includes('"libc"') ? libc() : '';
    this.#circumstances = `pnpm 1 ${process.platform} ${process.arch} ${family}\n${text}`;
  }

  /**
   * Looks for a note, and starts to check what it says about the store. The function that is returned says which packages were accepted
   * before, if nothing has changed that this depends on.
   */
  start(): () => KnownPackages | undefined {
    const { notes, contents, storeCheck } = this.#tools;
    const bytes = notes.get(this.#circumstances);
    if (bytes === undefined) return () => undefined;
    const end = bytes.indexOf('\n');
    const note = JSON.parse(bytes.toString('utf8', 0, end)) as Note;
    const { leftOut, packages, store } = note;
    const integrities = packages.map(([, integrity]) => integrity);
    const finish =
      store && storeCheck.startKnown({ ...store, names: bytes.subarray(end + 1) }, integrities);
    const isLeftOut = ([name, version, integrity]: LeftOut): boolean =>
      !contents.mayHoldFiles(integrity, { name, version }) &&
      // The rows of the index say the rest, if they are the same.
      !(this.#cold && storeCheck.mayHold(integrity));
    return () => {
      const isSame = leftOut.every(isLeftOut) && (finish === undefined ? this.#cold : finish());
      return isSame ? new KnownPackages(packages) : undefined;
    };
  }

  /** Notes the install if all its packages are accepted. Otherwise {@link fetched} does, after the last one. */
  note(checked: CheckedInstall): void {
    const { notes } = this.#tools;
    this.#unfetched = new Set(
      checked.byFetchers.filter((source) => !notes.isPlain(source)).map(inspectionKey),
    );
    this.#checked = checked;
    if (this.#unfetched.size === 0) this.#write(checked);
  }

  /** A fetcher has inspected a source. After the last one, pnpm may end this process. */
  fetched(source: PnpmSource): void {
    if (!this.#unfetched.delete(inspectionKey(source)) || this.#unfetched.size > 0) return;
    if (this.#checked !== undefined) this.#write(this.#checked);
  }

  #write({ inspected, byFetchers, leftOut, files: checked }: CheckedInstall): void {
    const { notes, storeCheck } = this.#tools;
    const sources = [...inspected, ...byFetchers];
    const packages = sources.flatMap((source): Note['packages'] => {
      const integrity = collisionFree(source.integrity);
      if (source.kind !== 'download' || integrity === undefined) return [];
      return [[source.id, integrity, isPublished(source)]];
    });
    const left = leftOut.flatMap(({ expected, integrity }): LeftOut[] =>
      expected && integrity !== undefined ? [[expected.name, expected.version, integrity]] : [],
    );
    const areAllNamed = packages.length === sources.length && left.length === leftOut.length;
    if (!areAllNamed || !sources.every((source) => notes.isPlain(source))) return;
    const note: Note = { leftOut: left, packages };
    if (this.#cold) {
      notes.put(this.#circumstances, noteText(note));
      return;
    }
    // The rows have to show again that the packages are missing: the index may have been read anew since.
    const isMissing = ([, , integrity]: LeftOut): boolean => !storeCheck.mayHold(integrity);
    const rows = checked !== undefined && left.every(isMissing) && storeCheck.knownRows();
    if (checked === undefined || !rows) return;
    const { files, names } = checked;
    notes.put(this.#circumstances, noteText({ ...note, store: { rows, files } }, names));
  }
}

function noteText(note: Note, names: Uint8Array = new Uint8Array(0)): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(note)}\n`), names]);
}

/** Another release, or another build of this one, may check more. */
function codeDigest(): string {
  return hash('sha256', readFileSync(__filename));
}
