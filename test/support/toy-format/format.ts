/*
 * A format for tests, which shows how much code a new format needs: this folder below packages/core/src/formats, and its line in
 * each list that CONTRIBUTING.md names. A package is a tar without gzip; its file `NAME` in the first folder says what it is called.
 */
import type { Entry } from '../../containers/entry.ts';
import { TarReader } from '../../containers/tar/reader.ts';
import type { ManifestFacts } from '../../finding/verdict.ts';
import type { Metadata } from '../../metadata/metadata.ts';
import type { MetadataRule } from '../../rules/rule.ts';
import { namesRules } from '../../rules/names/index.ts';
import { pathsRules } from '../../rules/paths/index.ts';
import { tarRules } from '../../rules/tar/index.ts';
import { typesRules } from '../../rules/types/index.ts';
import { Body } from '../../tree/body.ts';
import { defineFormat, type PackageFormat } from '../format.ts';
import { toyContentsRules } from './rules/contents/index.ts';

const MAX_NAME_BYTES = 100;

export class ToyMetadata implements Metadata {
  name: string | undefined;
  #body: Body | undefined;

  get claimed(): ManifestFacts | undefined {
    return this.name === undefined ? undefined : { name: this.name };
  }

  bodyFor(entry: Entry, key: string): Body | undefined {
    if (key !== 'NAME' || entry.size > MAX_NAME_BYTES) return undefined;
    return (this.#body = new Body(entry));
  }

  end(): void {
    this.name = this.#body?.whole()?.toString('utf8').trim();
  }
}

/** A rule about what packages of this format say of themselves. */
export type ToyRule = MetadataRule<ToyMetadata>;

export const toyFormat: PackageFormat = defineFormat({
  id: 'toy',
  ecosystem: 'npm',
  layer: 'tar',
  layout: 'first-folder',
  read(bytes, sink, { limits }) {
    const reader = new TarReader(
      {
        entry: (entry) => sink.entry(entry),
        body: (_entry, piece) => sink.body(piece),
        anomaly: sink.anomaly,
      },
      limits,
    );
    reader.push(bytes);
    reader.end();
    return { entries: reader.entries, unpackedBytes: bytes.length, complete: !reader.stopped };
  },
  metadata: () => new ToyMetadata(),
  rules: [...tarRules, ...pathsRules, ...namesRules, ...typesRules, ...toyContentsRules],
});
