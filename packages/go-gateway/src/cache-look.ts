/*
 * go unpacks a zip of its module cache without asking the guard. It compares go.sum with a hash in a file beside the zip, and not with
 * the zip. So the guard inspects every zip before the run, and new zips after it.
 */
import { goModuleHash } from '@tarwarden/core';
import { printable, printablePath } from '@tarwarden/core/text';
import { PackageRefusal } from '@tarwarden/guarded-run/kit';
import { integrityOf, isMissing, type Refused } from '@tarwarden/host';
import { NotRegularFileError, readRegularFile } from '@tarwarden/host/go';
import { ziphashOf, type Pins } from './checksums.ts';
import { cachedZips, stampOf, UnpackPlaces, type CachedZip } from './module-cache.ts';
import { moduleLabel, type ZipGuard } from './zip-guard.ts';

/** From this number of unknown zips on, a line tells the user why go does not start yet. */
const MANY = 100;

export interface LookOptions {
  readonly modcache: string;
  readonly guard: ZipGuard;
  /** Shows a line about work that takes time. */
  readonly show: (line: string) => void;
}

export class CacheLook {
  readonly #modcache: string;
  readonly #guard: ZipGuard;
  readonly #show: (line: string) => void;
  /** Stamps by file, before the run. */
  readonly #before = new Map<string, string>();

  constructor({ modcache, guard, show }: LookOptions) {
    this.#modcache = modcache;
    this.#guard = guard;
    this.#show = show;
  }

  /**
   * Inspects every zip in the cache. The guard keeps the refusals.
   * @throws ModuleCacheError if the cache cannot be checked completely.
   */
  async before(pins: Pins): Promise<void> {
    const zips = cachedZips(this.#modcache);
    const places = new UnpackPlaces(this.#modcache);
    for (const zip of zips) places.check(zip);
    const unknown = zips.filter((zip) => this.#knownIntegrity(zip) === undefined).length;
    if (unknown >= MANY)
      this.#show(`${unknown} zips of the module cache are inspected, once; this takes a while`);
    for (const zip of zips) {
      this.#before.set(zip.file, zip.stamp);
      // oxlint-disable-next-line no-await-in-loop -- one in memory at a time
      await this.#inspect(zip, pins);
    }
    this.#guard.store.flush();
  }

  /** Inspects zips that came during the run, but not from the gateway. Returns how many of them no guarded run had accepted before. */
  async after(): Promise<number> {
    let elsewhere = 0;
    for (const zip of cachedZips(this.#modcache)) {
      if (this.#before.get(zip.file) === zip.stamp) continue;
      // oxlint-disable-next-line no-await-in-loop -- one in memory at a time
      if (!(await this.#inspect(zip, new Map()))) elsewhere++;
    }
    this.#guard.store.flush();
    return elsewhere;
  }

  /** Resolves to whether the zip was known: from the gateway in this run, or accepted in another run. */
  async #inspect(zip: CachedZip, pins: Pins): Promise<boolean> {
    let bytes: Buffer | undefined;
    const read = (): Buffer =>
      (bytes ??= readRegularFile(zip.file, { bytesMax: this.#guard.bytesMax(zip) }));
    try {
      if (!zip.isRegular) throw new NotRegularFileError();
      const integrity = this.#knownIntegrity(zip) ?? integrityOf(read());
      const isKnown = this.#guard.isKnown(integrity, zip);
      const from = { bytes: read, source: zip.file };
      // Compare only accepted zips: readers may disagree about the content of a rejected zip that report mode lets pass.
      if (await this.#guard.inspectKnown(integrity, zip, from))
        this.#compare(zip, pins, { integrity, bytes: read });
      this.#remember(zip, integrity);
      return isKnown;
    } catch (error) {
      if (error instanceof PackageRefusal) return false;
      // The zip was removed meanwhile, so go does not find it either.
      if (isMissing(error) && stampOf(zip.file) === undefined) return true;
      this.#guard.unread(zip, zip.file, error);
      return false;
    }
  }

  /** @throws PackageRefusal if the zip does not have the hash in the cache or in go.sum. */
  #compare(
    zip: CachedZip,
    pins: Pins,
    { integrity, bytes }: { readonly integrity: string; readonly bytes: () => Buffer },
  ): void {
    const noted = ziphashOf(zip.file);
    const pinned = pins.get(`${zip.path} ${zip.version}`);
    if (noted === undefined && pinned === undefined) return;
    const { store } = this.#guard;
    const hash =
      store.getLink(hashName(integrity)) ?? goModuleHash(bytes(), this.#guard.hashLimits);
    if (hash === undefined) throw new Error('its h1: hash could not be computed');
    store.putLink(hashName(integrity), hash);
    if (noted !== undefined && noted !== hash)
      throw this.#guard.refuse(
        swapped(zip, { hash, other: noted, where: 'the .ziphash beside it' }),
      );
    if (pinned !== undefined && !pinned.has(hash))
      throw this.#guard.refuse(swapped(zip, { hash, other: [...pinned][0]!, where: 'go.sum' }));
  }

  #knownIntegrity(zip: CachedZip): string | undefined {
    return this.#guard.store.getLink(stampName(zip));
  }

  /** Remembers the integrity, unless the file has changed. */
  #remember(zip: CachedZip, integrity: string): void {
    if (stampOf(zip.file) === zip.stamp) this.#guard.store.putLink(stampName(zip), integrity);
  }
}

function stampName({ file, stamp }: CachedZip): string {
  return `go-zip:${file}:${stamp}`;
}

function hashName(integrity: string): string {
  return `go-h1:${integrity}`;
}

function swapped(
  zip: CachedZip,
  { hash, other, where }: { readonly hash: string; readonly other: string; readonly where: string },
): Refused {
  const subject = printable(moduleLabel(zip));
  const reason = `cached zip is not what ${where} pins: the zip has ${hash}, ${where} has ${printable(other)}`;
  const remedy =
    'Find out what wrote to the module cache: go does not notice, and unpacks the file. Remove it, and have go fetch the module again.';
  return {
    kind: 'rejected',
    subject,
    reasons: [reason],
    remedies: [remedy],
    headline: `${subject} is refused: ${reason}`,
    block: [
      `tarwarden: refused ${subject}: its zip in the module cache is another one`,
      `  source:    ${printablePath(zip.file)}`,
      `  reason:    ${reason}`,
      `  to do:     ${remedy}`,
    ].join('\n'),
  };
}
